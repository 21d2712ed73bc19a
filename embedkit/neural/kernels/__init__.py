"""Compiled steps of recurrent cells, between which BLAS multiplies the matrices."""
