"""What removes bias: a file a method, a dataclass of hyper-parameters whose `apply` makes new vectors."""
