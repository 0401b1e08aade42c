"""The ceilings of a specification; the sliders of the page learn them from the JSON schema."""

MAX_LAYERS = 8
MAX_PICTURE_LAYERS = 32
"""Layers of a network that looks at pictures; each kind counts, dropout and pooling too."""

MAX_UNITS = 64
MAX_PICTURE_UNITS = 1_024
"""Units of a dense layer of such a network."""

MAX_FILTERS = 256
MAX_KERNEL_SIZE = 7
MAX_STRIDES = 4
MAX_POOL_SIZE = 4
MIN_CLASSES = 2
MAX_CLASSES = 6
MAX_CLIP = 1_000.0
MAX_FORMULA_LENGTH = 200
MAX_FORMULA_DEPTH = 20
"""How deep parentheses, signs and powers of a formula may lie inside each other."""

MAX_LAW = 1_000.0
"""Largest magnitude of a number that a formula may give a sample."""

MIN_LAW_SHARE = 0.1
"""A formula must have such values in at least this share of its domain: samples are drawn there."""

MAX_COORDINATE = 6.0
"""Half a side of the plane."""

MAX_CURVE_X = 10.0
MIN_CURVE_WIDTH = 0.1
MAX_POINTS = 500
MIN_POINTS = 4
"""A data set that has only own points needs two on either side to be trained on."""

MAX_POINT_LABEL = 10.0
"""Largest magnitude of the number of an own point."""

MAX_SAMPLES = 5_000
MAX_PICTURES = 100_000
"""Pictures that a run may learn from and be tested with; each data set also has its own number."""

MAX_PICTURES_SENT = 1_000
"""Pictures of one answer, which are to be looked at."""

MIN_IMAGE_SIDE = 8
MAX_IMAGE_SIDE = 128
"""Pixels along each side of the squares that own pictures are made into."""

MAX_IMAGE_CLASSES = 1_000
"""Classes, which are folders, of own pictures."""

MAX_SHIFT = 0.5
MAX_ROTATION = 180.0
MAX_ZOOM = 0.5
MAX_PICTURE_NOISE = 0.5
MAX_UNFROZEN = 160
"""Layers of a pretrained network that may be trained on; the largest has fewer."""

MIN_SAMPLES = 20
MAX_BATCH_SIZE = 256
MAX_LEARNING_RATE = 10.0
MAX_REGULARIZATION = 10.0
MAX_NOISE = 50.0
MAX_SEED = 2**31 - 1
MAX_EPOCHS = 100_000
MAX_SPEED = 10_000.0
"""Epochs per second that a paced run may ask for; faster than that is `null`, as fast as possible."""

MAX_STEP_EPOCHS = 1_000
"""Epochs that one `step` control may grant."""

MAX_WEIGHT = 1e6
"""Largest magnitude of a weight set by hand."""

MAX_FRAME_WEIGHTS = 20_000
"""Models above this are not streamed as `frame` events; the page fetches their files instead."""

MAX_HISTORY_ROWS = 5_000
MAX_BODY_BYTES = 1_000_000
