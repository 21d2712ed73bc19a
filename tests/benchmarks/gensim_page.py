"""What `bench_service` measures the service beside: gensim behind the simplest page of FastAPI."""

import os

from fastapi import FastAPI
from gensim.models import KeyedVectors
from pydantic import BaseModel

app = FastAPI()
vectors = KeyedVectors.load_word2vec_format(os.environ["GENSIM_VECTORS"], binary=True)


class Words(BaseModel):
    """The words that are asked for."""

    words: list[str]


@app.get("/health")
def health():
    return {}


@app.post("/neighbors")
def neighbors(question: Words):
    return {"results": [vectors.most_similar(word, topn=10) for word in question.words]}
