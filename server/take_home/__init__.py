"""What people take home beside bare model files: one page that works by itself, and words that say how a file is used.

Made in the web process of model files and of the page's own code; it knows nothing of TensorFlow, HTTP or SQL.
"""
