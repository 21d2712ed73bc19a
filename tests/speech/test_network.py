import numpy as np
import pytest

from embedkit.errors import InputError
from embedkit.speech import frame_stack
from embedkit.speech.frame_stack import FrameStack
from embedkit.speech.parameters import SpeechTraining

pytestmark = pytest.mark.tensorflow

LAYERS = "conv:8:5:strides=2 dropout:0.5 bigru:6 maxpool:2 bilstm:5 dense:4:tanh"


@pytest.fixture(scope="module")
def network():
    from embedkit.speech.training_network import TrainingNetwork

    return TrainingNetwork(FrameStack(LAYERS), 7, 3, SpeechTraining(), 1)


@pytest.fixture(scope="module")
def features():
    generator = np.random.default_rng(5)
    lengths = (1, 30, 7, 52, 30)
    return [generator.standard_normal((length, 7)).astype(np.float32) for length in lengths]


@pytest.mark.parametrize("compiled", [False, True])
def test_the_forward_pass_is_that_of_keras(network, features, compiled, monkeypatch):
    from embedkit.speech.training_network import SpeechBatch

    monkeypatch.setattr(frame_stack, "COMPILED_FROM", 0 if compiled else 1 << 40)
    batch = SpeechBatch.of(features, [[1]] * len(features))
    scores, lengths = network.scores(batch.features, batch.lengths, training=False)
    own = network.stack.scores(network.weights(), features)
    assert [len(each) for each in own] == lengths.numpy().tolist()
    assert network.stack.frame_counts(batch.lengths).tolist() == lengths.numpy().tolist()
    for mine, theirs in zip(own, scores.numpy(), strict=True):
        assert mine == pytest.approx(theirs[: len(mine)], abs=1e-4)


def test_what_stands_beside_a_recording_makes_no_difference(network, features):
    weights = network.weights()
    together = network.stack.scores(weights, features)
    for one, mine in zip(features, together, strict=True):
        assert network.stack.scores(weights, [one])[0] == pytest.approx(mine, abs=1e-5)


def test_the_loss_is_that_of_all_ways(features):
    """Keras' CTC loss is minus the log of what prefix beam search sums up over all ways."""
    from embedkit.speech.ctc import log_softmax
    from embedkit.speech.prefix_beam import prefix_beam_search
    from embedkit.speech.training_network import SpeechBatch, TrainingNetwork

    network = TrainingNetwork(FrameStack("dense:5:tanh"), 7, 2, SpeechTraining(), 1)
    own, labels = [features[0], features[2]], [[2], [1, 1]]
    log_probabilities = [log_softmax(scores) for scores in network.stack.scores(network.weights(), own)]
    losses = []
    for odds, wanted in zip(log_probabilities, labels, strict=True):
        found = prefix_beam_search(odds, width=10_000)
        losses += [-one.log_probability for one in found if one.labels == tuple(wanted)]
    assert network.step(SpeechBatch.of(own, labels), 0.0) == pytest.approx(np.mean(losses), rel=1e-4)


def test_a_recording_in_which_nothing_is_said_teaches_blanks(features):
    from embedkit.speech.training_network import SpeechBatch, TrainingNetwork

    network = TrainingNetwork(FrameStack("dense:5:tanh"), 7, 2, SpeechTraining(), 1)
    batch = SpeechBatch.of(features[1:3], [[], []])
    losses = [network.step(batch, 0.01) for _ in range(20)]
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[0]


def test_a_single_vector_is_refused():
    with pytest.raises(InputError, match="attention:8 makes one vector of a whole recording; leave it out"):
        FrameStack("bigru:8 attention:8")


def test_layers_without_recurrence():
    assert FrameStack("conv:4:3").stride == 1
