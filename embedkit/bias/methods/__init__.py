"""Debiasing methods, one file each: a dataclass of hyper-parameters whose `apply` makes new vectors."""
