"""`SavedEstimator`: the base of estimators that are fitted once and saved as one checked file."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from embedkit.models.files.model_file import save_model
from embedkit.models.files.quantization import in_dtype
from embedkit.models.files.state import ModelState
from embedkit.vectors.rows import RowType


class SavedEstimator(BaseEstimator):  # type: ignore[misc]
    """A scikit-learn estimator that is fitted once it has a `predictor_`, and says what a file keeps of it.

    Attributes:
        metadata_: metrics, training data and so on of a model that was read from a file, else empty.
    """

    metadata_: Mapping[str, Any]

    @abstractmethod
    def state(self) -> ModelState:
        """What a file keeps of the fitted model."""

    def save(
        self, path: str | Path, metadata: Mapping[str, Any] | None = None, dtype: RowType = "float32"
    ) -> None:
        """Write the fitted model to one file, which is replaced only once everything is written.

        Args:
            path: the file; its name had better end with .safetensors.
            metadata: what is known of the model, such as metrics and training data; anything JSON holds.
            dtype: the type of the numbers of matrices in the file, such as the vectors of words; "float16"
                takes half the space of "float32", "int8" a quarter, and answers change a little. n-grams and
                rows of up to four numbers stay as they are.

        Raises:
            InputError: there is no such type, numbers are too large for float16, or texts are read with a
                function that has no name; `register_step` gives it one.
        """
        check_is_fitted(self)
        state = in_dtype(self.state(), dtype)
        save_model(Path(path), state, self.metadata_ if metadata is None else metadata)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "predictor_")
