"""Vectors in folders and repositories of a hub: a folder, and a server that speaks like the hub."""

import json
import sys

import pytest
from click.testing import CliRunner

import embedkit
from embedkit import DependencyError, Embeddings, InputError
from embedkit_cli.main import main

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def hub(file_server, tmp_path, monkeypatch):
    """Lets a server on this machine be the hub, with a repository of the files given."""
    pytest.importorskip("huggingface_hub")
    monkeypatch.setenv("EMBEDKIT_CACHE", str(tmp_path / "cache"))

    def repository(name, **files):
        listed = {"id": name, "sha": COMMIT, "siblings": [{"rfilename": file} for file in files]}
        url = file_server(f"api/models/{name}/revision/main", json.dumps(listed).encode())
        file_server(f"api/models/{name}", json.dumps(listed).encode(), Content_Type="application/json")
        for file, data in files.items():
            facts = {"ETag": f'"{abs(hash(data)):040x}"', "X-Repo-Commit": COMMIT}
            file_server(f"{name}/resolve/main/{file}", data, **facts)
        monkeypatch.setenv("HF_ENDPOINT", url.partition("/api/")[0])

    return repository


def test_a_folder_holds_the_vectors_and_their_card(plane, tmp_path):
    plane.save_pretrained(tmp_path / "plane", license="mit", language="en")
    assert sorted(path.name for path in (tmp_path / "plane").iterdir()) == [
        "README.md",
        "vectors.safetensors",
    ]
    again = Embeddings.from_pretrained(tmp_path / "plane")
    assert again.vocabulary.words == plane.vocabulary.words
    assert (again.matrix == plane.matrix).all()
    assert again.metadata == plane.metadata


def test_the_card_tells_what_the_metadata_say(tmp_path):
    metadata = {
        "trainer": "word2vec",
        "parameters": {"window": 5},
        "losses": [2.5, 1.25],
        "corpus": {"sources": [{"name": "a|b<script>.txt"}]},
        "transforms": [{"name": "subset", "words": 10}],
    }
    vectors = Embeddings([[1, 0]], ["cat"], metadata)
    vectors.save_pretrained(tmp_path / "cats", license="cc0-1.0", sections={"Limits": "Only a cat."})
    card = (tmp_path / "cats/README.md").read_text(encoding="utf-8")
    front = card.split("---")[1]
    assert 'license: "cc0-1.0"' in front
    assert 'library_name: "embedkit"' in front
    assert "# cats\n\n1 words, 2 dimensions. License: cc0-1.0." in card
    rows = [line for line in card.splitlines() if line.startswith("| ")]
    assert "| parameters: window | 5 |" in rows
    assert "| losses | 2.5, 1.25 |" in rows
    assert "| corpus: sources 1: name | a\\|b&lt;script>.txt |" in rows
    assert "| transforms 1: words | 10 |" in rows
    assert card.endswith("## Limits\n\nOnly a cat.\n")


def test_a_folder_of_something_else_stays(plane, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("important")
    with pytest.raises(InputError, match="it exists and holds something else"):
        plane.save_pretrained(tmp_path / "mine")
    assert (tmp_path / "mine/notes.txt").read_text() == "important"


def test_a_folder_with_one_file_of_vectors_needs_no_card(plane, tmp_path):
    plane.save(tmp_path / "plane.vec")
    assert len(Embeddings.from_pretrained(tmp_path)) == len(plane)
    plane.save(tmp_path / "plane.bin")
    with pytest.raises(InputError, match=r"got several files .*\(plane.bin, plane.vec\); name one by file="):
        Embeddings.from_pretrained(tmp_path)
    assert len(Embeddings.from_pretrained(tmp_path, file="plane.bin")) == len(plane)
    with pytest.raises(InputError, match=r"has no file 'other.bin'; it has plane.bin, plane.vec"):
        Embeddings.from_pretrained(tmp_path, file="other.bin")


def test_a_repository_gives_its_vectors_and_no_code(hub, plane, tmp_path):
    plane.save(tmp_path / "vectors.safetensors")
    data = (tmp_path / "vectors.safetensors").read_bytes()
    hub("people/plane", **{"vectors.safetensors": data, "evil.py": b"raise SystemExit", "README.md": b"# x"})
    assert Embeddings.from_pretrained("people/plane").vocabulary.words == plane.vocabulary.words
    fetched = {path.name for path in (tmp_path / "cache").rglob("*") if path.is_file()}
    assert "vectors.safetensors" in fetched
    assert "evil.py" not in fetched


def test_a_repository_that_is_not_there(hub):
    hub("people/plane")
    with pytest.raises(InputError, match=r"cannot fetch people/other: .*is it spelled as on the hub"):
        Embeddings.from_pretrained("people/other")
    with pytest.raises(InputError, match="expected a file of vectors in people/plane, got none"):
        Embeddings.from_pretrained("people/plane")


def test_a_name_that_is_no_repository():
    with pytest.raises(InputError, match="expected a folder, or a repository such as ORGANIZATION/NAME"):
        Embeddings.from_pretrained("../somewhere/else")


def test_without_the_hubs_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(DependencyError, match=r"pip install 'embedkit\[hub\]'"):
        Embeddings.from_pretrained("people/plane")


def test_scores_and_bias_become_sections():
    sections = embedkit.model_card_sections(embedkit.load(), ["english-outliers"])
    assert "| english-outliers | accuracy | 0.828 | [0.718, 0.901] | 64 of 64 |" in sections["Evaluation"]
    assert "Topic: gender." in sections["Bias"]
    assert "| WEAT: math-arts |" in sections["Bias"]


def test_the_command_writes_a_folder(tmp_path):
    folder = tmp_path / "english"
    arguments = ["save-pretrained", "english", "-o", str(folder), "--license", "cc-by-sa-3.0"]
    result = CliRunner().invoke(main, [*arguments, "-b", "english-outliers"])
    assert result.exit_code == 0, result.output
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "## Evaluation" in card
    assert "## Bias" in card
    assert len(Embeddings.from_pretrained(folder)) == 50_000
