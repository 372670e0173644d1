"""The till: sales at a counter, also from phones without signal, and taking one back."""
