"""From raw text to word vectors.

Every public name loads its module when it is first used, so that `import embedkit` costs nothing and only
training compiles anything.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embedkit.text.pipeline.clean import Clean
    from embedkit.text.pipeline.custom import CustomTokenizer, register_step
    from embedkit.text.pipeline.filter import Filter
    from embedkit.text.pipeline.normalize import Normalize
    from embedkit.text.pipeline.parameters import text_pipeline
    from embedkit.text.pipeline.phrase_step import JoinPhrases
    from embedkit.text.pipeline.pipeline import TextPipeline
    from embedkit.text.sentences import split_sentences
    from embedkit.text.tokenization.graphemes import CharactersTokenizer
    from embedkit.text.tokenization.icu import IcuTokenizer
    from embedkit.text.tokenization.spacy import SpacyTokenizer
    from embedkit.text.tokenization.subwords import SubwordTokenizer
    from embedkit.text.tokenization.whitespace import WhitespaceTokenizer
    from embedkit.text.tokenization.words import WordsTokenizer

    __version__: str
    from embedkit.bias.audit import audit
    from embedkit.bias.debiasing import debias
    from embedkit.bias.report import bias_report, debiasing_report
    from embedkit.bias.topics.topic import Topic, topic
    from embedkit.bias.weat_report import weat_report
    from embedkit.card_sections import model_card_sections
    from embedkit.checkpoints import Checkpoint
    from embedkit.cluster.cluster import Cluster
    from embedkit.emoji.emojifier import Emojifier
    from embedkit.emoji.insertion import emojify
    from embedkit.emoji.vectors import EmojiVectors
    from embedkit.errors import DependencyError, EmbedkitError, FormatError, InputError, UnknownWordError
    from embedkit.evaluation.benchmarks.catalogue import find_benchmark
    from embedkit.evaluation.comparison import compare
    from embedkit.evaluation.report import evaluation_report
    from embedkit.evaluation.scoring import evaluate
    from embedkit.evaluation.settings import EvaluationSettings
    from embedkit.evaluation.translations.bleu import bleu
    from embedkit.evaluation.translations.chrf import chrf
    from embedkit.evaluation.translations.error_rates import edit_distance, error_rate
    from embedkit.evaluation.translations.scores import score_translations
    from embedkit.explorer.exploration import Exploration, explore
    from embedkit.explorer.texts import explore_texts
    from embedkit.file_facts import describe_file, verify_file
    from embedkit.language_models.label_scores import LabelScores
    from embedkit.language_models.language_model import LanguageModel
    from embedkit.language_models.ngram_language_model import NgramLanguageModel
    from embedkit.language_models.recurrent_language_model import RecurrentLanguageModel
    from embedkit.model_files import load_model, load_predictor
    from embedkit.models.assessment.evaluation import evaluate_classifier
    from embedkit.models.comparison import train_beside_baselines
    from embedkit.models.documents.classifier import DocumentVectorClassifier
    from embedkit.models.documents.transformer import DocumentVectors
    from embedkit.models.ensemble import EnsembleClassifier
    from embedkit.models.layers.layers import (
        GRU,
        LSTM,
        Attention,
        Conv1D,
        Dense,
        Dropout,
        GlobalAveragePooling1D,
        GlobalMaxPooling1D,
        LastState,
        MaxPooling1D,
        SimpleRNN,
    )
    from embedkit.models.linear.mean_vectors import MeanVectorClassifier
    from embedkit.models.linear.tfidf import TfidfClassifier
    from embedkit.models.networks.classifier import TextClassifier
    from embedkit.models.networks.learning_rate_finder import find_learning_rate
    from embedkit.models.networks.learning_rates import LearningRateRange
    from embedkit.models.predictions import classify
    from embedkit.models.regression.assessment import evaluate_regressor
    from embedkit.models.regression.network import TextRegressor
    from embedkit.models.regression.tfidf import TfidfRegressor
    from embedkit.models.text_vectors import TextVectors
    from embedkit.music.composing import TuneTraining, compose_tunes, train_tunes
    from embedkit.music.tune import Tune
    from embedkit.music.tune_files import read_tunes
    from embedkit.neural.cells.bidirectional import Bidirectional, backward_both, forward_both
    from embedkit.neural.cells.gru import GRUCell, ResetFirstGRUCell
    from embedkit.neural.cells.lstm import LSTMCell
    from embedkit.neural.cells.sequence import backward_through_time, forward_through_time
    from embedkit.neural.cells.simple_rnn import SimpleRNNCell
    from embedkit.neural.cells.stacks import backward_stack, forward_stack
    from embedkit.neural.clipping import clip_by_norm, clip_by_value
    from embedkit.neural.gradient_reach import gradient_norms
    from embedkit.neural.sampling import Sampling
    from embedkit.service.client import ServiceClient
    from embedkit.speech.joining import join_recordings
    from embedkit.speech.manifest import read_manifest
    from embedkit.speech.prefix_beam import prefix_beam_search
    from embedkit.speech.recognizer import SpeechRecognizer
    from embedkit.speech.scores import transcript_errors
    from embedkit.speech.transcript import Transcript
    from embedkit.tagging.assessment import evaluate_tagger
    from embedkit.tagging.tagger import SequenceTagger
    from embedkit.tagging.tagging import tag
    from embedkit.text.corpus.corpus import Corpus
    from embedkit.text.datasets.dataset import Labeled
    from embedkit.text.datasets.reading import read_labeled
    from embedkit.text.datasets.tagged import TaggedTexts, read_tagged
    from embedkit.text.ngrams.features import FeatureMatrix, character_ngrams, ngrams, one_hot
    from embedkit.text.phrases.finding import find_phrases
    from embedkit.text.phrases.phrases import Phrases
    from embedkit.text.reading.file_reading import Reading
    from embedkit.text.reading.texts import Texts
    from embedkit.text.sequences.buckets import length_buckets
    from embedkit.text.sequences.padding import pad, truncate
    from embedkit.text.sequences.sequences import Sequences
    from embedkit.text.subword_training import train_tokenizer
    from embedkit.text.vocabulary import Vocabulary
    from embedkit.training.counts.cooccurrences import Cooccurrences
    from embedkit.training.doc2vec.doc2vec import Doc2Vec
    from embedkit.training.doc2vec.model import Doc2VecModel
    from embedkit.training.fasttext.fasttext import FastText
    from embedkit.training.glove.glove import GloVe
    from embedkit.training.svd import PPMISVD
    from embedkit.training.word2vec.word2vec import Word2Vec
    from embedkit.translation.assessment import evaluate_translator
    from embedkit.translation.pairs import PairedTexts, read_pairs
    from embedkit.translation.search import TranslationSearch
    from embedkit.translation.seq2seq import Seq2Seq
    from embedkit.translation.translator import Translator
    from embedkit.vectors.answers import Answer
    from embedkit.vectors.downloaded import download_vectors
    from embedkit.vectors.embeddings import Embeddings
    from embedkit.vectors.lookup import WordLookup
    from embedkit.vectors.neutralizing import equalize, neutralize
    from embedkit.vectors.search.approximate import IndexParameters
    from embedkit.vectors.search.vector_index import VectorIndex
    from embedkit.vectors.shipped import load
    from embedkit.vectors.spaces.adding import add, add_special_tokens
    from embedkit.vectors.spaces.alignment import Procrustes, align
    from embedkit.vectors.spaces.changes import word_changes
    from embedkit.vectors.spaces.combining import concatenate, merge
    from embedkit.vectors.spaces.movement import words_moved
    from embedkit.vectors.spaces.report import alignment_report
    from embedkit.vectors.spaces.retrofitting import Retrofitting, retrofit
    from embedkit.vectors.spaces.transforms import all_but_the_top, pca, whiten
    from embedkit.vectors.spaces.translation import translate, translation_scores
    from embedkit.vectors.subwords.unknown_words import estimate_unknown_words
    from embedkit.vectors.texts.encoder import TextEncoder, text_encoder
    from embedkit.vectors.texts.search import TextMatch, search_texts
    from embedkit.vectors.texts.soft_cosine import soft_cosine
    from embedkit.vectors.texts.word_movers import (
        relaxed_word_movers_distance,
        word_centroid_distance,
        word_movers_distance,
    )
    from embedkit.vectors.texts.word_movers_search import WordMoversIndex
    from embedkit.vectors.word_selection import select_words

_HOMES = {
    "Answer": "embedkit.vectors.answers",
    "Attention": "embedkit.models.layers.layers",
    "Bidirectional": "embedkit.neural.cells.bidirectional",
    "CharactersTokenizer": "embedkit.text.tokenization.graphemes",
    "Checkpoint": "embedkit.checkpoints",
    "Clean": "embedkit.text.pipeline.clean",
    "Cluster": "embedkit.cluster.cluster",
    "Conv1D": "embedkit.models.layers.layers",
    "Cooccurrences": "embedkit.training.counts.cooccurrences",
    "Corpus": "embedkit.text.corpus.corpus",
    "CustomTokenizer": "embedkit.text.pipeline.custom",
    "Dense": "embedkit.models.layers.layers",
    "DependencyError": "embedkit.errors",
    "Dropout": "embedkit.models.layers.layers",
    "Doc2Vec": "embedkit.training.doc2vec.doc2vec",
    "Doc2VecModel": "embedkit.training.doc2vec.model",
    "DocumentVectorClassifier": "embedkit.models.documents.classifier",
    "DocumentVectors": "embedkit.models.documents.transformer",
    "Embeddings": "embedkit.vectors.embeddings",
    "EmbedkitError": "embedkit.errors",
    "EmojiVectors": "embedkit.emoji.vectors",
    "Emojifier": "embedkit.emoji.emojifier",
    "EnsembleClassifier": "embedkit.models.ensemble",
    "EvaluationSettings": "embedkit.evaluation.settings",
    "FeatureMatrix": "embedkit.text.ngrams.features",
    "Exploration": "embedkit.explorer.exploration",
    "FastText": "embedkit.training.fasttext.fasttext",
    "Filter": "embedkit.text.pipeline.filter",
    "FormatError": "embedkit.errors",
    "GRU": "embedkit.models.layers.layers",
    "GloVe": "embedkit.training.glove.glove",
    "GlobalAveragePooling1D": "embedkit.models.layers.layers",
    "GlobalMaxPooling1D": "embedkit.models.layers.layers",
    "GRUCell": "embedkit.neural.cells.gru",
    "IcuTokenizer": "embedkit.text.tokenization.icu",
    "IndexParameters": "embedkit.vectors.search.approximate",
    "InputError": "embedkit.errors",
    "JoinPhrases": "embedkit.text.pipeline.phrase_step",
    "LSTM": "embedkit.models.layers.layers",
    "Labeled": "embedkit.text.datasets.dataset",
    "LabelScores": "embedkit.language_models.label_scores",
    "LanguageModel": "embedkit.language_models.language_model",
    "LastState": "embedkit.models.layers.layers",
    "LSTMCell": "embedkit.neural.cells.lstm",
    "MaxPooling1D": "embedkit.models.layers.layers",
    "LearningRateRange": "embedkit.models.networks.learning_rates",
    "MeanVectorClassifier": "embedkit.models.linear.mean_vectors",
    "NgramLanguageModel": "embedkit.language_models.ngram_language_model",
    "Normalize": "embedkit.text.pipeline.normalize",
    "PPMISVD": "embedkit.training.svd",
    "Phrases": "embedkit.text.phrases.phrases",
    "Procrustes": "embedkit.vectors.spaces.alignment",
    "Reading": "embedkit.text.reading.file_reading",
    "ResetFirstGRUCell": "embedkit.neural.cells.gru",
    "RecurrentLanguageModel": "embedkit.language_models.recurrent_language_model",
    "Retrofitting": "embedkit.vectors.spaces.retrofitting",
    "Sampling": "embedkit.neural.sampling",
    "SequenceTagger": "embedkit.tagging.tagger",
    "ServiceClient": "embedkit.service.client",
    "Sequences": "embedkit.text.sequences.sequences",
    "SimpleRNN": "embedkit.models.layers.layers",
    "SimpleRNNCell": "embedkit.neural.cells.simple_rnn",
    "SpacyTokenizer": "embedkit.text.tokenization.spacy",
    "SpeechRecognizer": "embedkit.speech.recognizer",
    "SubwordTokenizer": "embedkit.text.tokenization.subwords",
    "TaggedTexts": "embedkit.text.datasets.tagged",
    "TextClassifier": "embedkit.models.networks.classifier",
    "TextEncoder": "embedkit.vectors.texts.encoder",
    "TextMatch": "embedkit.vectors.texts.search",
    "TextPipeline": "embedkit.text.pipeline.pipeline",
    "TextRegressor": "embedkit.models.regression.network",
    "TextVectors": "embedkit.models.text_vectors",
    "Texts": "embedkit.text.reading.texts",
    "TfidfClassifier": "embedkit.models.linear.tfidf",
    "TfidfRegressor": "embedkit.models.regression.tfidf",
    "Topic": "embedkit.bias.topics.topic",
    "Transcript": "embedkit.speech.transcript",
    "Tune": "embedkit.music.tune",
    "TuneTraining": "embedkit.music.composing",
    "UnknownWordError": "embedkit.errors",
    "VectorIndex": "embedkit.vectors.search.vector_index",
    "Vocabulary": "embedkit.text.vocabulary",
    "WhitespaceTokenizer": "embedkit.text.tokenization.whitespace",
    "Word2Vec": "embedkit.training.word2vec.word2vec",
    "WordLookup": "embedkit.vectors.lookup",
    "WordMoversIndex": "embedkit.vectors.texts.word_movers_search",
    "WordsTokenizer": "embedkit.text.tokenization.words",
    "add": "embedkit.vectors.spaces.adding",
    "add_special_tokens": "embedkit.vectors.spaces.adding",
    "align": "embedkit.vectors.spaces.alignment",
    "alignment_report": "embedkit.vectors.spaces.report",
    "all_but_the_top": "embedkit.vectors.spaces.transforms",
    "audit": "embedkit.bias.audit",
    "backward_both": "embedkit.neural.cells.bidirectional",
    "backward_stack": "embedkit.neural.cells.stacks",
    "backward_through_time": "embedkit.neural.cells.sequence",
    "bias_report": "embedkit.bias.report",
    "character_ngrams": "embedkit.text.ngrams.features",
    "classify": "embedkit.models.predictions",
    "clip_by_norm": "embedkit.neural.clipping",
    "clip_by_value": "embedkit.neural.clipping",
    "compare": "embedkit.evaluation.comparison",
    "compose_tunes": "embedkit.music.composing",
    "concatenate": "embedkit.vectors.spaces.combining",
    "debias": "embedkit.bias.debiasing",
    "debiasing_report": "embedkit.bias.report",
    "describe_file": "embedkit.file_facts",
    "download_vectors": "embedkit.vectors.downloaded",
    "emojify": "embedkit.emoji.insertion",
    "equalize": "embedkit.vectors.neutralizing",
    "gradient_norms": "embedkit.neural.gradient_reach",
    "read_tunes": "embedkit.music.tune_files",
    "train_tunes": "embedkit.music.composing",
    "transcript_errors": "embedkit.speech.scores",
    "estimate_unknown_words": "embedkit.vectors.subwords.unknown_words",
    "evaluate": "embedkit.evaluation.scoring",
    "evaluate_classifier": "embedkit.models.assessment.evaluation",
    "evaluate_tagger": "embedkit.tagging.assessment",
    "evaluate_regressor": "embedkit.models.regression.assessment",
    "evaluation_report": "embedkit.evaluation.report",
    "explore": "embedkit.explorer.exploration",
    "explore_texts": "embedkit.explorer.texts",
    "find_benchmark": "embedkit.evaluation.benchmarks.catalogue",
    "find_learning_rate": "embedkit.models.networks.learning_rate_finder",
    "find_phrases": "embedkit.text.phrases.finding",
    "forward_both": "embedkit.neural.cells.bidirectional",
    "forward_stack": "embedkit.neural.cells.stacks",
    "forward_through_time": "embedkit.neural.cells.sequence",
    "join_recordings": "embedkit.speech.joining",
    "length_buckets": "embedkit.text.sequences.buckets",
    "load": "embedkit.vectors.shipped",
    "load_model": "embedkit.model_files",
    "load_predictor": "embedkit.model_files",
    "merge": "embedkit.vectors.spaces.combining",
    "model_card_sections": "embedkit.card_sections",
    "neutralize": "embedkit.vectors.neutralizing",
    "ngrams": "embedkit.text.ngrams.features",
    "one_hot": "embedkit.text.ngrams.features",
    "pad": "embedkit.text.sequences.padding",
    "pca": "embedkit.vectors.spaces.transforms",
    "prefix_beam_search": "embedkit.speech.prefix_beam",
    "read_labeled": "embedkit.text.datasets.reading",
    "read_manifest": "embedkit.speech.manifest",
    "read_tagged": "embedkit.text.datasets.tagged",
    "register_step": "embedkit.text.pipeline.custom",
    "relaxed_word_movers_distance": "embedkit.vectors.texts.word_movers",
    "retrofit": "embedkit.vectors.spaces.retrofitting",
    "search_texts": "embedkit.vectors.texts.search",
    "select_words": "embedkit.vectors.word_selection",
    "soft_cosine": "embedkit.vectors.texts.soft_cosine",
    "split_sentences": "embedkit.text.sentences",
    "tag": "embedkit.tagging.tagging",
    "text_encoder": "embedkit.vectors.texts.encoder",
    "text_pipeline": "embedkit.text.pipeline.parameters",
    "topic": "embedkit.bias.topics.topic",
    "train_beside_baselines": "embedkit.models.comparison",
    "train_tokenizer": "embedkit.text.subword_training",
    "translate": "embedkit.vectors.spaces.translation",
    "translation_scores": "embedkit.vectors.spaces.translation",
    "truncate": "embedkit.text.sequences.padding",
    "verify_file": "embedkit.file_facts",
    "weat_report": "embedkit.bias.weat_report",
    "whiten": "embedkit.vectors.spaces.transforms",
    "word_centroid_distance": "embedkit.vectors.texts.word_movers",
    "word_movers_distance": "embedkit.vectors.texts.word_movers",
    "word_changes": "embedkit.vectors.spaces.changes",
    "words_moved": "embedkit.vectors.spaces.movement",
    "bleu": "embedkit.evaluation.translations.bleu",
    "chrf": "embedkit.evaluation.translations.chrf",
    "error_rate": "embedkit.evaluation.translations.error_rates",
    "edit_distance": "embedkit.evaluation.translations.error_rates",
    "score_translations": "embedkit.evaluation.translations.scores",
    "Seq2Seq": "embedkit.translation.seq2seq",
    "Translator": "embedkit.translation.translator",
    "TranslationSearch": "embedkit.translation.search",
    "PairedTexts": "embedkit.translation.pairs",
    "read_pairs": "embedkit.translation.pairs",
    "evaluate_translator": "embedkit.translation.assessment",
}

__all__ = [
    "GRU",
    "LSTM",
    "PPMISVD",
    "Answer",
    "Attention",
    "Bidirectional",
    "CharactersTokenizer",
    "Checkpoint",
    "Clean",
    "Cluster",
    "Conv1D",
    "Cooccurrences",
    "Corpus",
    "CustomTokenizer",
    "Dense",
    "DependencyError",
    "Doc2Vec",
    "Doc2VecModel",
    "DocumentVectorClassifier",
    "DocumentVectors",
    "Dropout",
    "Embeddings",
    "EmbedkitError",
    "EmojiVectors",
    "Emojifier",
    "EnsembleClassifier",
    "EvaluationSettings",
    "Exploration",
    "FastText",
    "FeatureMatrix",
    "Filter",
    "FormatError",
    "GRUCell",
    "GloVe",
    "GlobalAveragePooling1D",
    "GlobalMaxPooling1D",
    "IcuTokenizer",
    "IndexParameters",
    "InputError",
    "JoinPhrases",
    "LSTMCell",
    "LabelScores",
    "Labeled",
    "LanguageModel",
    "LastState",
    "LearningRateRange",
    "MaxPooling1D",
    "MeanVectorClassifier",
    "NgramLanguageModel",
    "Normalize",
    "PairedTexts",
    "Phrases",
    "Procrustes",
    "Reading",
    "RecurrentLanguageModel",
    "ResetFirstGRUCell",
    "Retrofitting",
    "Sampling",
    "Seq2Seq",
    "SequenceTagger",
    "Sequences",
    "ServiceClient",
    "SimpleRNN",
    "SimpleRNNCell",
    "SpacyTokenizer",
    "SpeechRecognizer",
    "SubwordTokenizer",
    "TaggedTexts",
    "TextClassifier",
    "TextEncoder",
    "TextMatch",
    "TextPipeline",
    "TextRegressor",
    "TextVectors",
    "Texts",
    "TfidfClassifier",
    "TfidfRegressor",
    "Topic",
    "Transcript",
    "TranslationSearch",
    "Translator",
    "Tune",
    "TuneTraining",
    "UnknownWordError",
    "VectorIndex",
    "Vocabulary",
    "WhitespaceTokenizer",
    "Word2Vec",
    "WordLookup",
    "WordMoversIndex",
    "WordsTokenizer",
    "add",
    "add_special_tokens",
    "align",
    "alignment_report",
    "all_but_the_top",
    "audit",
    "backward_both",
    "backward_stack",
    "backward_through_time",
    "bias_report",
    "bleu",
    "character_ngrams",
    "chrf",
    "classify",
    "clip_by_norm",
    "clip_by_value",
    "compare",
    "compose_tunes",
    "concatenate",
    "debias",
    "debiasing_report",
    "describe_file",
    "download_vectors",
    "edit_distance",
    "emojify",
    "equalize",
    "error_rate",
    "estimate_unknown_words",
    "evaluate",
    "evaluate_classifier",
    "evaluate_regressor",
    "evaluate_tagger",
    "evaluate_translator",
    "evaluation_report",
    "explore",
    "explore_texts",
    "find_benchmark",
    "find_learning_rate",
    "find_phrases",
    "forward_both",
    "forward_stack",
    "forward_through_time",
    "gradient_norms",
    "join_recordings",
    "length_buckets",
    "load",
    "load_model",
    "load_predictor",
    "merge",
    "model_card_sections",
    "neutralize",
    "ngrams",
    "one_hot",
    "pad",
    "pca",
    "prefix_beam_search",
    "read_labeled",
    "read_manifest",
    "read_pairs",
    "read_tagged",
    "read_tunes",
    "register_step",
    "relaxed_word_movers_distance",
    "retrofit",
    "score_translations",
    "search_texts",
    "select_words",
    "soft_cosine",
    "split_sentences",
    "tag",
    "text_encoder",
    "text_pipeline",
    "topic",
    "train_beside_baselines",
    "train_tokenizer",
    "train_tunes",
    "transcript_errors",
    "translate",
    "translation_scores",
    "truncate",
    "verify_file",
    "weat_report",
    "whiten",
    "word_centroid_distance",
    "word_changes",
    "word_movers_distance",
    "words_moved",
]


def __getattr__(name: str) -> object:
    """Load a public name from its home, or read the version; called by Python for names not found here."""
    value: object
    if name == "__version__":
        value = import_module("importlib.metadata").version("embedkit")
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module 'embedkit' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
