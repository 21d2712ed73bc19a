from embedkit.models.networks.history import UNSAVED, Epoch, epochs_in, saved_epochs

EPOCH = Epoch(1, 0.5, 0.75, 0.625, 0.5, None, None, 1e-3, 2.5, 0.25, 0.5)
UNTIMED = EPOCH._replace(**dict.fromkeys(UNSAVED))


def test_files_keep_what_is_known_but_the_time():
    saved = saved_epochs([EPOCH])
    assert saved == [
        {
            "epoch": 1,
            "loss": 0.5,
            "accuracy": 0.75,
            "held_out_loss": 0.625,
            "held_out_accuracy": 0.5,
            "learning_rate": 1e-3,
        }
    ]
    read = epochs_in({"history": saved}, {"validation_fraction": 0.1})
    assert read == [UNTIMED]
    assert epochs_in({}, {}) == []


def test_lists_of_six_numbers_tell_of_the_texts_held_out_if_there_were_any():
    facts = {"history": [[1, 0.5, 0.75, 0.625, 0.5, 1e-3]]}
    [held] = epochs_in(facts, {"validation_fraction": 0.1})
    assert held == UNTIMED
    [judged] = epochs_in(facts, {"validation_fraction": 0.0})
    assert (judged.held_out_loss, judged.validation_loss, judged.validation_accuracy) == (None, 0.625, 0.5)


def test_the_best_epoch_is_chosen_by_texts_held_out_before_validation_data():
    assert EPOCH._replace(validation_loss=0.1).choosing_loss == 0.625
    assert EPOCH._replace(held_out_loss=None, validation_loss=0.1).choosing_loss == 0.1


def test_summaries_name_the_texts():
    judged = EPOCH._replace(validation_loss=0.25, validation_accuracy=0.875)
    assert judged.summary == (
        "loss 0.5000, accuracy 0.7500; held out 0.6250, 0.5000; validation 0.2500, 0.8750"
    )
