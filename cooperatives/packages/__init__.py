"""Packages of several makers with one price, shared among them to the rupiah."""
