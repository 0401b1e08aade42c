"""The whole table of models: name, how it is built, which way it takes."""

from tests.converter.models.activations import ACTIVATIONS
from tests.converter.models.applications import APPLICATIONS
from tests.converter.models.attention import ATTENTION
from tests.converter.models.case import Case
from tests.converter.models.convolutions import CONVOLUTIONS
from tests.converter.models.core import CORE
from tests.converter.models.graphs import GRAPHS
from tests.converter.models.masks import MASKS
from tests.converter.models.merging import MERGING
from tests.converter.models.normalization import NORMALIZATION
from tests.converter.models.operations import OPERATIONS
from tests.converter.models.pooling import POOLING
from tests.converter.models.preprocessing import PREPROCESSING
from tests.converter.models.recurrent import RECURRENT
from tests.converter.models.regularization import REGULARIZATION
from tests.converter.models.reshaping import RESHAPING
from tests.converter.models.whole_numbers import WHOLE_NUMBERS

FAMILIES = (
    *(GRAPHS, CORE, ACTIVATIONS, CONVOLUTIONS, POOLING, NORMALIZATION, RESHAPING, MERGING, REGULARIZATION, RECURRENT),
    *(MASKS, ATTENTION, PREPROCESSING, OPERATIONS, WHOLE_NUMBERS, APPLICATIONS),
)

MODELS: dict[str, Case] = {name: case for family in FAMILIES for name, case in family.items() if case.exists()}
"""Those that the installed Keras knows."""
