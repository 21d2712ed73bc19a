"""transcribe and train-speech, from files to what is printed."""

import json
import subprocess
import sys

import numpy as np
import pytest
from scipy.io import wavfile

from embedkit import SpeechRecognizer, load_predictor
from tests.speech.conftest import RATE, predictor, recognizer, speak, tone

__all__ = ["predictor", "recognizer", "speak"]  # fixtures


@pytest.fixture
def model(recognizer, speak, tmp_path):
    """m.safetensors, and recordings a.wav, "low high", and b.wav, "high"; the times of a.wav's words."""
    recognizer.save(tmp_path / "m.safetensors")
    samples, times = speak("low high")
    wavfile.write(tmp_path / "a.wav", RATE, samples)
    wavfile.write(tmp_path / "b.wav", RATE, np.round(tone("high") * 32768).astype(np.int16))
    return times


def test_a_line_a_file(run, model):
    assert run("transcribe -m m.safetensors a.wav").stdout == "low high\n"
    assert run("transcribe -m m.safetensors a.wav b.wav").stdout == "a.wav: low high\nb.wav: high\n"
    assert run("transcribe -m m.safetensors a.wav --beam 3").stdout == "low high\n"


def test_styles(run, model):
    told = json.loads(run("transcribe -m m.safetensors a.wav --format json").stdout)
    assert (told["file"], told["text"]) == ("a.wav", "low high")
    assert [word["begin"] for word in told["words"]] == pytest.approx(model[:, 0], abs=0.03)
    rows = [
        line.split("\t")
        for line in run("transcribe -m m.safetensors a.wav b.wav --format tsv").stdout.splitlines()
    ]
    assert rows[0] == ["file", "begin", "end", "word", "probability"]
    assert [(row[0], row[3]) for row in rows[1:]] == [("a.wav", "low"), ("a.wav", "high"), ("b.wav", "high")]


def test_where_a_word_is_said(run, model):
    [line] = run("transcribe -m m.safetensors a.wav --find high").stdout.splitlines()
    span, word, confidence = line.split()
    begin, end = map(float, span.split("-"))
    assert (begin, end) == pytest.approx(tuple(model[1]), abs=0.03)
    assert (word, confidence) == ("high", "1.000")
    assert run("transcribe -m m.safetensors b.wav --find low").stdout == ""
    told = json.loads(run("transcribe -m m.safetensors b.wav --find high --format json").stdout)
    assert [word["word"] for word in told["found"]] == ["high"]


def test_a_language_model_of_what_follows(run, model, tmp_path):
    """What is heard of both bands is decided by lines in which "high" never follows "low"."""
    both = np.concatenate([tone("low"), np.zeros(2000), 0.98 * tone("high") + tone("low")])
    wavfile.write(tmp_path / "both.wav", RATE, (both / 2).astype(np.float32))
    (tmp_path / "lines.txt").write_text("low high\n" * 20 + "high low\n" * 2)
    (tmp_path / "others.txt").write_text("low low\n" * 20 + "high low\n" * 2)
    heard = set()
    for name in ("lines", "others"):
        train = (
            f"train-lm {name}.txt -o {name}.lm --model ngram --order 2 --unit words --independent-lines -q"
        )
        assert run(train).exit_code == 0
        result = run(f"transcribe -m m.safetensors both.wav --language-model {name}.lm --weight 6")
        assert result.exit_code == 0, result.stderr
        heard.add(result.stdout)
    assert heard == {"low high\n", "low low\n"}


def test_of_several_files_those_that_cannot_be_read_are_left_out(run, model, tmp_path):
    (tmp_path / "text.wav").write_text("seven\n")
    result = run("transcribe -m m.safetensors a.wav text.wav nothing.wav b.wav --format tsv")
    rows = [line.split("\t")[0] for line in result.stdout.splitlines()]
    assert rows == ["file", "a.wav", "a.wav", "b.wav"]
    assert result.exit_code == 2
    assert [line.startswith("Error: ") for line in result.stderr.splitlines()] == [True, True]
    assert "nothing.wav: there is no such file" in result.stderr


@pytest.mark.parametrize("dash", ["", " -"])
def test_stdin(run, model, tmp_path, dash):
    content = (tmp_path / "a.wav").read_bytes()
    assert run(f"transcribe -m m.safetensors{dash}", content).stdout == "low high\n"


def test_a_pipe(model, tmp_path):
    command = f"cat a.wav | {sys.executable} -m embedkit transcribe -m m.safetensors -"
    ran = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout == "low high\n"


def test_transcription_needs_no_tensorflow(model, tmp_path):
    code = (
        "import sys; sys.modules['tensorflow'] = sys.modules['keras'] = sys.modules['sklearn'] = None;"
        "from embedkit_cli.main import main; main(['transcribe', '-m', 'm.safetensors', 'a.wav'])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "low high\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("transcribe -m m.safetensors nothing.wav", "nothing.wav: there is no such file"),
        ("transcribe -m m.safetensors .", "it is a folder"),
        ("transcribe -m m.safetensors empty.wav", "an empty file"),
        ("transcribe -m m.safetensors text.wav", "text.wav"),
        ("transcribe -m m.safetensors cut.wav", "it is cut off"),
        ("transcribe -m m.safetensors nan.wav", "expected finite numbers, got nan at 0.100 seconds"),
        ("transcribe -m m.safetensors a.wav --find middle", "it knows 'high', 'low'"),
        ("transcribe -m m.safetensors a.wav --threshold 0", "--threshold"),
        ("transcribe -m m.safetensors a.wav --beam 0", "--beam"),
        ("transcribe -m m.safetensors a.wav --find low --beam 3", "leave out --beam"),
        ("transcribe -m m.safetensors a.wav --threshold 0.5", "leave out --threshold"),
        ("transcribe -m m.safetensors a.wav --weight 2", "there is no --language-model; leave out --weight"),
        ("transcribe -m m.safetensors a.wav --language-model no.lm", "no.lm"),
        ("transcribe -m m.safetensors a.wav --language-model m.safetensors", "m.safetensors"),
        ("transcribe -m emojify a.wav", "expected a trained recognizer of speech"),
        ("classify -m m.safetensors hello", "got <SpeechPredictor: 2 words>"),
        ("tag -m m.safetensors hello", "expected a trained tagger"),
        ("train-speech nothing.csv -o n.safetensors", "nothing.csv"),
        ("train-speech one.csv -o n.safetensors", "line 2: there is no recording 'c.wav'"),
        ("train-speech names.csv -o n.safetensors", "expected a column of the files"),
        ("train-speech all.csv -o n.safetensors --layers max", "max makes one vector of a whole recording"),
        ("train-speech all.csv -o n.safetensors --validation 0.01", "give another one"),
        ("train-speech all.csv -o all.csv", "is what is read"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(run, model, tmp_path, line, message):
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.wav").write_text("seven\n")
    (tmp_path / "cut.wav").write_bytes((tmp_path / "a.wav").read_bytes()[:-100])
    samples = np.zeros(RATE, np.float32)
    samples[800] = np.nan
    wavfile.write(tmp_path / "nan.wav", RATE, samples)
    (tmp_path / "one.csv").write_text("file,transcript\nc.wav,low\n")
    (tmp_path / "names.csv").write_text("a,b,c\na.wav,low high,x\n")
    (tmp_path / "all.csv").write_text("file,transcript\na.wav,low high\nb.wav,high\n")
    result = run(line)
    assert result.exit_code == 2, result.output
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.tensorflow
def test_training_from_a_table(run, tmp_path):
    generator = np.random.default_rng(2)
    rows = []
    for number in range(24):
        word = ["low", "high"][number % 2]
        noise = 0.003 * generator.standard_normal(1600)
        wavfile.write(tmp_path / f"{number}.wav", RATE, (tone(word) + noise).astype(np.float32))
        rows.append(f"{number}.wav\t{word}\n")
    (tmp_path / "train.tsv").write_text("path\ttext\n" + "".join(rows))
    result = run(
        "train-speech train.tsv -o m.safetensors --validation train.tsv --epochs 25 --batch-size 6 "
        "--mel-bands 8 --layers conv:8:5:4 --learning-rate 0.03 --joined 2 --masks 0 --warp 0 --noise 0 "
        "--equalizer 0 -q"
    )
    assert result.exit_code == 0, result.output
    words, recordings = [line.split() for line in result.stdout.splitlines()[1:]]
    assert words[:3] == ["words", "24", "0.00%"]
    assert recordings[1] == "24"
    assert run("transcribe -m m.safetensors 0.wav 1.wav").stdout == "0.wav: low\n1.wav: high\n"
    told = load_predictor(tmp_path / "m.safetensors").metadata
    assert told["data"]["words"] == 24
    assert told["metrics"]["word_error_rate"] == 0
    assert "recognizer of speech" in run("info m.safetensors").stdout
    go_on = "train-speech train.tsv -o n.safetensors --start m.safetensors --epochs 1 --learning-rate 1e-9 -q"
    assert run(go_on).stdout.splitlines()[1].split()[:3] == ["words", "2", "0.00%"]
    result = run(f"{go_on} --mel-bands 9")
    assert (result.exit_code, "mel_bands must be 8, as of the model to start from" in result.stderr) == (
        2,
        True,
    )


@pytest.mark.tensorflow
def test_the_same_seed_gives_the_same_file(tmp_path):
    recordings, words = [tone("low"), tone("high")] * 6, ["low", "high"] * 6
    for name in ("a", "b"):
        made = SpeechRecognizer(layers="conv:4:3:4 gru:4", mel_bands=8, epochs=2, batch_size=4)
        made.fit(recordings, words).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
