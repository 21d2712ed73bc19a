"""train-w2v --deterministic: one file for any number of threads."""

SMALL = "--vector-size 16 --epochs 2 --min-count 1 --sample 0.01 -q"


def test_deterministic_files_are_the_same_for_any_number_of_workers(run, text, tmp_path):
    found = set()
    for workers in (1, 2, 5):
        folder = tmp_path / str(workers)
        folder.mkdir()
        options = f"--deterministic --round-words 3 --workers {workers}"
        result = run(f"train-w2v text.txt -o {folder}/v.safetensors {SMALL} {options}")
        assert (result.stderr, result.exit_code) == ("", 0)
        found.add((folder / "v.safetensors").read_bytes())
    assert len(found) == 1
    assert "round_words           3" in run(f"info {folder}/v.safetensors").stdout


def test_the_size_of_a_round_without_rounds_is_refused(run, text):
    result = run(f"train-w2v text.txt -o v.safetensors {SMALL} --round-workers 2")
    assert result.exit_code == 2
    assert "round_workers needs deterministic=True" in result.stderr
