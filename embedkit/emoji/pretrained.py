"""The network of the bundled emojifier with a new output layer, for other emoji: feature-based transfer.

The recurrent layers stay as they are, which have learnt from 2,080 sentences and unlabelled tweets what
sentences ask for; logistic regression on their pooled states takes the place of the output layer (the
"feature extraction" of Peters et al. 2019, "To Tune or Not to Tune?"). That takes a second, and no TensorFlow.
"""

from __future__ import annotations

from copy import copy

from embedkit.arrays import Doubles1d
from embedkit.models.class_weights import ClassWeight
from embedkit.models.files.model_file import read_content
from embedkit.models.files.quantization import in_floats
from embedkit.models.files.state import state_in
from embedkit.models.fit_arguments import column_of
from embedkit.models.inference.network import NETWORK
from embedkit.models.inference.weighted import part_states
from embedkit.models.linear.logistic import fit_logistic
from embedkit.models.linear.predictors import MEAN_VECTORS
from embedkit.models.networks.classifier import TextClassifier
from embedkit.models.targets import read_targets
from embedkit.random_state import untouched_random_state
from embedkit.shipped_files import shipped_path

OUTPUT = "scores"  # the output layer


def pretrained_network() -> TextClassifier:
    """The network among the parts of the bundled emojifier."""
    path = shipped_path("emojify.safetensors")
    parts = part_states(in_floats(state_in(*read_content(path), path)), (NETWORK, MEAN_VECTORS))
    [network] = [TextClassifier.from_state(part) for _, part in parts if part.kind == NETWORK]
    return network


def with_output_layer(
    network: TextClassifier,
    texts: list[str],
    labels: list[str],
    c: float,
    class_weight: ClassWeight = None,
    sample_weight: Doubles1d | None = None,
) -> TextClassifier:
    """A fitted network with an output layer that tells other labels apart, of which nothing else is trained.

    Args:
        network: fitted; it stays as it is.
        texts: n texts.
        labels: of each.
        c: the inverse of the strength of the L2 penalty, on standardized states.
        class_weight: None, "balanced" or a weight a class.
        sample_weight: how much each text counts, (n,); None for 1.
    """
    with untouched_random_state():
        from sklearn.preprocessing import StandardScaler

    targets = read_targets(labels)
    states = network.transform(texts)
    scaler = StandardScaler().fit(states, sample_weight=sample_weight)
    standardized = scaler.transform(states)
    kernel, bias = fit_logistic(standardized, targets, c, class_weight, column_of(sample_weight))
    kernel /= scaler.scale_[:, None]
    model, predictor = copy(network), copy(network.predictor_)
    predictor.targets = targets.forget()
    predictor.weights = {
        **predictor.weights,
        f"{OUTPUT}/kernel": kernel.astype("float32"),
        f"{OUTPUT}/bias": (bias - scaler.mean_ @ kernel).astype("float32"),
    }
    model.predictor_, model.history_ = predictor, []
    return model
