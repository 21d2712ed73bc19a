"""The precision that is chosen is that of the device."""

import pytest

from embedkit.models.networks import trainer
from embedkit.models.networks.backend import has_bfloat16, load_backend
from embedkit.models.networks.trainer import chosen_precision


@pytest.mark.parametrize(
    ("gpu", "bfloat16", "chosen"),
    [
        (False, True, "float32"),
        (True, True, "mixed_bfloat16"),
        (True, False, "mixed_float16"),
    ],
)
def test_auto_is_half_precision_where_a_gpu_has_it(monkeypatch, gpu, bfloat16, chosen):
    monkeypatch.setattr(trainer, "has_gpu", lambda: gpu)
    monkeypatch.setattr(trainer, "has_bfloat16", lambda: bfloat16)
    assert chosen_precision("auto") == chosen
    assert chosen_precision("mixed_float16") == "mixed_float16"


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("details", "has"),
    [
        ([{"compute_capability": (9, 0)}], True),
        ([{"compute_capability": (8, 0)}, {"compute_capability": (7, 5)}], False),
        ([{}], False),
    ],
)
def test_bfloat16_is_of_gpus_from_ampere_on(monkeypatch, details, has):
    tf, _ = load_backend()
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: list(range(len(details))))
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda device: details[device])
    assert has_bfloat16() == has
