"""The cells of the page “Third”."""

# %% row
row = [0.1, 0.7, 0.2]
largest = max(row)
row
