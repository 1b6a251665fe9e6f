"""What live cells use of torch, in plain Python: for MicroPython, and for small tensors.

It computes in float64 and rounds to the dtype after each step, as `tests/live` holds against
torch. What it lacks says so. There are no views here: nothing changes a tensor once it is made.
"""

import math
from array import array

NOT_HERE = (
    "{} is not in the small Python of this page; to run it, download the page as a notebook, "
    "by the link at its end"
)
WIDTH, DIGITS, MOST_SHOWN, AT_ENDS = 80, 4, 1000, 3

inf, nan, pi, e = math.inf, math.nan, math.pi, math.e


class _Cut:
    def __getitem__(self, key):
        return key


_cut = _Cut()  # MicroPython makes slices by brackets alone
_ALL, _FIRST, _LAST = _cut[:], _cut[:AT_ENDS], _cut[-AT_ENDS:]


class NotHereError(AttributeError):
    """Something of torch that live cells do not have."""


class Size:
    """The shape of a tensor. It is no tuple, for MicroPython 1.27 cannot add one to a tuple."""

    def __init__(self, lengths=()):
        self._lengths = tuple(lengths)

    def __repr__(self):
        return "torch.Size([" + ", ".join([str(length) for length in self._lengths]) + "])"

    __str__ = __repr__

    def __len__(self):
        return len(self._lengths)

    def __iter__(self):
        return iter(self._lengths)

    def __getitem__(self, key):
        found = self._lengths[key]
        return Size(found) if isinstance(found, tuple) else found

    def __eq__(self, other):
        return isinstance(other, (Size, tuple)) and self._lengths == tuple(other)

    def __hash__(self):
        return hash(self._lengths)

    def __add__(self, other):
        return Size(self._lengths + tuple(other))

    def __radd__(self, other):
        return Size(tuple(other) + self._lengths)

    def numel(self):
        return _product(self._lengths)


class dtype:
    """What kind of numbers a tensor holds, and which of two kinds is the larger."""

    def __init__(self, name, rank):
        self.name, self.rank = name, rank
        self.is_floating_point = rank > 1

    def __repr__(self):
        return "torch." + self.name

    __str__ = __repr__


bool_, bool = bool, dtype("bool", 0)
int64 = long = dtype("int64", 1)
float32, float64 = dtype("float32", 2), dtype("float64", 3)
float16, bfloat16 = dtype("float16", 9), dtype("bfloat16", 9)
double, half = float64, float16
float_, float, int_, abs_, round_, sum_, min_, max_, any_, all_ = (
    float, float32, int, abs, round, sum, min, max, any, all
)  # fmt: skip
strided = "torch.strided"


def _dtype_of(value):
    if isinstance(value, bool_):
        return bool
    if isinstance(value, int_):
        return int64
    if isinstance(value, float_):
        return float32
    raise TypeError("a number or a tensor is wanted, got " + type(value).__name__)


def _kept(data, kind):
    """Round numbers to a dtype."""
    if kind is float32:
        return list(array("f", data))
    if kind is float64:
        return [float_(one) for one in data]
    if kind is int64:
        return [_whole(one) for one in data]
    if kind is bool:
        return [one != 0 for one in data]
    raise NotHereError(NOT_HERE.format(str(kind)))


def _whole(number):
    if isinstance(number, float_) and not math.isfinite(number):
        return -(2**63)  # as torch on x86
    return int_(number)


def _product(lengths):
    result = 1
    for length in lengths:
        result *= length
    return result


def _strides(shape):
    strides, step = [], 1
    for length in reversed(list(shape)):
        strides.insert(0, step)
        step *= length
    return strides


def _places(shape, strides, offset=0):
    places = [offset]
    for length, stride in zip(shape, strides):
        places = [place + stride * k for place in places for k in range(length)]
    return places


def _seen(data, shape, strides, offset=0):
    """Read numbers in another order, as a view does."""
    return [data[place] for place in _places(shape, strides, offset)]


def _axis(dim, count):
    least = max_(count, 1)
    if isinstance(dim, bool_) or not isinstance(dim, int_):
        raise TypeError("dim must be int, not " + type(dim).__name__)
    if not -least <= dim < least:
        raise IndexError(
            "Dimension out of range (expected to be in range of [%d, %d], but got %d)"
            % (-least, least - 1, dim)
        )
    return dim % least


def broadcast_shapes(*shapes):
    """Return the shape of what is computed from tensors of these shapes."""
    count = max_([len(shape) for shape in shapes] or [0])
    result = [1] * count
    for shape in shapes:
        for place in range(1, len(shape) + 1):
            length = shape[-place]
            if length != 1:
                if result[-place] not in (1, length):
                    raise RuntimeError(
                        "The size of tensor a (%d) must match the size of tensor b (%d) at "
                        "non-singleton dimension %d" % (result[-place], length, count - place)
                    )
                result[-place] = length
    return Size(result)


def _spread(tensor, shape):
    """Read the numbers of a tensor as those of a larger shape."""
    if tuple(tensor.shape) == tuple(shape):
        return tensor._data
    if len(tensor._data) == 1:
        return tensor._data * _product(shape)
    more = len(shape) - len(tensor.shape)
    strides = [0] * more + _strides(tensor.shape)
    for place, length in enumerate(tensor.shape):
        if length == 1:
            strides[more + place] = 0
    return _seen(tensor._data, shape, strides)


def _common(one, other):
    """Find the dtype of what is computed from two: tensors count more than single numbers."""
    if one[1] == other[1]:
        return one[0] if one[0].rank >= other[0].rank else other[0]
    strong, weak = (one, other) if one[1] > other[1] else (other, one)
    category = [0, 1, 2, 2]
    return weak[0] if category[weak[0].rank] > category[strong[0].rank] else strong[0]


def _weight(value):
    if isinstance(value, Tensor):
        return value.dtype, 2 if value.shape else 1
    return _dtype_of(value), 0


def _binary(one, other, operation, kind=None, least=None):
    """Compute number by number of what two tensors, or a tensor and a number, broadcast to."""
    common = _common(_weight(one), _weight(other))
    if least is not None and common.rank < least.rank:
        common = least
    one, other = [
        value if isinstance(value, Tensor) else Tensor([value], (), _dtype_of(value))
        for value in (one, other)
    ]
    shape = broadcast_shapes(one.shape, other.shape)
    first, second = [
        _spread(value if value.dtype.rank == common.rank else value.to(common), shape)
        for value in (one, other)
    ]
    data = [operation(a, b) for a, b in zip(first, second)]
    return _made(data, shape, kind or common)


def _made(data, shape, kind):
    return Tensor(_kept(data, kind), shape, kind)


def _divided(a, b):
    if b != 0:
        return a / b
    if a != a or a == 0:
        return nan
    return inf if (a > 0) == (math.copysign(1.0, b) > 0) else -inf


def _rest(a, b):
    if b == 0:
        if isinstance(b, float_):
            return nan
        raise RuntimeError("ZeroDivisionError")
    if isinstance(b, float_) and not (math.isfinite(a) and math.isfinite(b)):
        return nan if not math.isfinite(a) or b != b else a if a == 0 or (a > 0) == (b > 0) else b
    return a % b


def _power(a, b):
    if isinstance(a, int_) and isinstance(b, int_):
        if b < 0:
            raise RuntimeError("Integers to negative integer powers are not allowed.")
        return a**b
    try:
        return math.pow(a, b)
    except (ArithmeticError, ValueError):  # Python and MicroPython differ in which
        pass
    if a < 0 and b != math.floor(b):
        return nan
    return -inf if b % 2 == 1 and math.copysign(1.0, a) < 0 else inf


def _exponential(x):
    return inf if x > 709.78 else math.exp(x)


def _logarithm(x):
    return math.log(x) if x > 0 else -inf if x == 0 else nan


def _root(x):
    return math.sqrt(x) if x >= 0 else nan


def _wave(function):
    return lambda x: function(x) if math.isfinite(x) else nan


def _larger(a, b):
    return a if a != a or a >= b else b


def _smaller(a, b):
    return a if a != a or a <= b else b


def _largest(numbers):
    best = numbers[0]
    for number in numbers:
        best = _larger(best, number)
    return best


def _smallest(numbers):
    best = numbers[0]
    for number in numbers:
        best = _smaller(best, number)
    return best


def _total(numbers):
    total = 0
    for number in numbers:
        total += number
    return total


def _place_of(choose):
    """Return a function that finds where the number stands that is chosen."""

    def place(numbers):
        best = choose(numbers)
        for at, number in enumerate(numbers):
            if number == best or (number != number and best != best):
                return at
        return 0

    return place


def _shape_from(lengths):
    if len(lengths) == 1 and isinstance(lengths[0], (Size, tuple, list)):
        lengths = lengths[0]
    return tuple([int_(length) for length in lengths])


class Tensor:
    """Numbers in rows, columns and more dimensions.

    Args:
        data: The numbers, row after row.
        shape: How many there are along each dimension.
        kind: The dtype that they have been rounded to.
    """

    layout, is_nested, is_meta, requires_grad = strided, False, False, False

    def __init__(self, data, shape, kind):
        self._data, self.shape, self.dtype = data, Size(shape), kind

    def __getattr__(self, name):
        if name[:2] == "__":
            raise AttributeError(name)
        raise NotHereError(NOT_HERE.format("torch.Tensor." + name))

    # What it is.
    @property
    def ndim(self):
        return len(self.shape)

    def dim(self):
        return len(self.shape)

    def size(self, dim=None):
        return self.shape if dim is None else self.shape[_axis(dim, self.ndim)]

    def numel(self):
        return len(self._data)

    def is_floating_point(self):
        return self.dtype.rank > 1

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of a 0-d tensor")
        return self.shape[0]

    def __iter__(self):
        if not self.shape:
            raise TypeError("iteration over a 0-d tensor")
        return iter([self[place] for place in range(self.shape[0])])

    def __hash__(self):
        return id(self)

    def item(self):
        if len(self._data) != 1:
            raise RuntimeError(
                "a Tensor with %d elements cannot be converted to Scalar" % len(self._data)
            )
        return self._data[0]

    def __bool__(self):
        if len(self._data) != 1:
            what = "more than one value" if self._data else "no values"
            raise RuntimeError("Boolean value of Tensor with " + what + " is ambiguous")
        return self._data[0] != 0

    # No __float__: MicroPython would take a tensor of one number for that number in `2.0 * a`.
    def __int__(self):
        return int_(self.item())

    def __index__(self):
        if self.dtype.rank > 1 or len(self._data) != 1:
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int_(self._data[0])

    def tolist(self):
        def nested(start, shape, size):
            if not shape:
                return self._data[start]
            size //= max_(shape[0], 1)
            return [nested(start + size * k, shape[1:], size) for k in range(shape[0])]

        return nested(0, tuple(self.shape), len(self._data))

    def __repr__(self):
        return _written(self)

    __str__ = __repr__

    def __format__(self, spec):
        return format(self.item(), spec) if not self.shape else str(self)

    # Other dtypes.
    def to(self, kind):
        if isinstance(kind, Tensor):
            kind = kind.dtype
        if not isinstance(kind, dtype):
            raise NotHereError(NOT_HERE.format("a device"))
        return self if kind is self.dtype else _made(self._data, self.shape, kind)

    def double(self):
        return self.to(float64)

    def float(self):
        return self.to(float32)

    def long(self):
        return self.to(int64)

    def bool(self):
        return self.to(bool)

    def detach(self):
        return self

    clone = contiguous = detach

    # Other shapes.
    def reshape(self, *shape):
        shape = list(_shape_from(shape))
        said = "[" + ", ".join([str(length) for length in shape]) + "]"
        if -1 in shape:
            others = -_product(shape)
            if others and shape.count(-1) == 1 and len(self._data) % others == 0:
                shape[shape.index(-1)] = len(self._data) // others
        if _product(shape) != len(self._data) or any_([length < 0 for length in shape]):
            raise RuntimeError(
                "shape '%s' is invalid for input of size %d" % (said, len(self._data))
            )
        return Tensor(self._data, shape, self.dtype)

    view = reshape

    def flatten(self, start_dim=0, end_dim=-1):
        start, end = _axis(start_dim, self.ndim), _axis(end_dim, self.ndim)
        if start > end:
            raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
        middle = (_product(self.shape[start : end + 1]),)
        return self.reshape(tuple(self.shape[:start]) + middle + tuple(self.shape[end + 1 :]))

    def permute(self, *dims):
        order = [_axis(dim, self.ndim) for dim in _shape_from(dims)]
        if sorted(order) != list(range(self.ndim)):
            raise RuntimeError("permute(dims) needs each dimension once")
        strides = _strides(self.shape)
        shape = [self.shape[at] for at in order]
        data = _seen(self._data, shape, [strides[at] for at in order])
        return Tensor(data, shape, self.dtype)

    def transpose(self, dim0, dim1):
        order = list(range(self.ndim))
        first, second = _axis(dim0, self.ndim), _axis(dim1, self.ndim)
        if not order:
            return self
        order[first], order[second] = order[second], order[first]
        return self.permute(order)

    @property
    def T(self):
        return self.permute(list(reversed(range(self.ndim))))

    @property
    def mT(self):
        return self.transpose(-2, -1)

    def unsqueeze(self, dim):
        at = _axis(dim, self.ndim + 1)
        shape = tuple(self.shape)
        return Tensor(self._data, shape[:at] + (1,) + shape[at:], self.dtype)

    def squeeze(self, dim=None):
        at = None if dim is None else _axis(dim, self.ndim)
        kept = [
            length
            for place, length in enumerate(self.shape)
            if length != 1 or (at is not None and place != at)
        ]
        return Tensor(self._data, kept, self.dtype)

    def expand(self, *shape):
        shape = list(_shape_from(shape))
        more = len(shape) - self.ndim
        if more < 0:
            raise RuntimeError(
                "expand: the number of sizes provided (%d) must be greater or equal to the number "
                "of dimensions in the tensor (%d)" % (len(shape), self.ndim)
            )
        for place, length in enumerate(self.shape):
            if shape[more + place] == -1:
                shape[more + place] = length
            if length not in (1, shape[more + place]):
                raise RuntimeError(
                    "The expanded size of the tensor (%d) must match the existing size (%d) at "
                    "non-singleton dimension %d" % (shape[more + place], length, more + place)
                )
        if any_([length < 0 for length in shape]):
            raise RuntimeError("expand: a new dimension needs its size, got -1")
        return Tensor(_spread(self, shape), shape, self.dtype)

    def __getitem__(self, key):
        return _indexed(self, key)

    def __setitem__(self, key, value):
        raise NotHereError(NOT_HERE.format("changing entries of a tensor (try torch.where)"))

    # Number by number.
    def _each(self, function, kind=None):
        return _made([function(one) for one in self._data], self.shape, kind or self.dtype)

    def _real(self, function):
        return self._each(function, self.dtype if self.dtype.rank > 1 else float32)

    def __neg__(self):
        if self.dtype is bool:
            raise RuntimeError("Negation, the `-` operator, on a bool tensor is not supported.")
        return self._each(lambda x: -x)

    def __pos__(self):
        return self

    def __abs__(self):
        return self._each(abs_)

    abs = __abs__

    def __invert__(self):
        if self.dtype.rank > 1:
            raise TypeError(
                "~ (operator.invert) is only implemented on integer and Boolean tensors"
            )
        return self._each(lambda x: not x if self.dtype is bool else ~x)

    logical_not = __invert__

    def exp(self):
        return self._real(_exponential)

    def log(self):
        return self._real(_logarithm)

    def sqrt(self):
        return self._real(_root)

    def sin(self):
        return self._real(_wave(math.sin))

    def cos(self):
        return self._real(_wave(math.cos))

    def tanh(self):
        return self._real(math.tanh)

    def sigmoid(self):
        return self._real(lambda x: 1 / (1 + _exponential(-x)))

    def square(self):
        return self._each(lambda x: x * x, int64 if self.dtype is bool else None)

    def relu(self):
        return self._each(lambda x: x if x > 0 or x != x else 0)

    def isfinite(self):
        return self._each(math.isfinite, bool)

    def isnan(self):
        return self._each(lambda x: x != x, bool)

    def isinf(self):
        return self._each(lambda x: x in (inf, -inf), bool)

    def round(self, decimals=0):
        if self.dtype.rank < 2:
            return self
        factor = 10.0**decimals

        def rounded(x):
            if not math.isfinite(x):
                return x
            scaled = _kept([x * factor], self.dtype)[0]
            below = math.floor(scaled)
            rest = scaled - below
            if rest > 0.5 or (rest == 0.5 and below % 2):
                below += 1
            return math.copysign(below / factor, x)

        return self._each(rounded)

    def clamp(self, min=None, max=None):
        result = self
        if min is not None:
            result = _binary(result, min, _larger)
        return result if max is None else _binary(result, max, _smaller)

    def __add__(self, other):
        return _binary(self, other, lambda a, b: a or b if a is True or b is True else a + b)

    __radd__ = __add__

    def __sub__(self, other):
        if self.dtype is bool or _weight(other)[0] is bool:
            raise RuntimeError(
                "Subtraction, the `-` operator, with a bool tensor is not supported."
            )
        return _binary(self, other, lambda a, b: a - b)

    def __rsub__(self, other):
        return -(self - other)

    def __mul__(self, other):
        return _binary(self, other, lambda a, b: a * b)

    __rmul__ = __mul__

    def __truediv__(self, other):
        return _binary(self, other, _divided, least=float32)

    def __rtruediv__(self, other):
        return _binary(other, self, _divided, least=float32)

    def __mod__(self, other):
        if self.dtype is bool and _weight(other)[0] is bool:
            raise NotImplementedError("a remainder is not implemented for 'Bool'")
        return _binary(self, other, _rest)

    def __rmod__(self, other):
        if self.dtype is bool and _weight(other)[0] is bool:
            raise NotImplementedError("a remainder is not implemented for 'Bool'")
        return _binary(other, self, _rest)

    def __floordiv__(self, other):
        raise NotHereError(NOT_HERE.format("// of tensors"))

    __rfloordiv__ = __floordiv__

    def __pow__(self, other):
        return _binary(self, other, _power)

    pow = __pow__

    def __rpow__(self, other):
        return _binary(other, self, _power)

    def __eq__(self, other):
        return _binary(self, other, lambda a, b: a == b, bool)

    def __ne__(self, other):
        return _binary(self, other, lambda a, b: a != b, bool)

    def __lt__(self, other):
        return _binary(self, other, lambda a, b: a < b, bool)

    def __le__(self, other):
        return _binary(self, other, lambda a, b: a <= b, bool)

    def __gt__(self, other):
        return _binary(self, other, lambda a, b: a > b, bool)

    def __ge__(self, other):
        return _binary(self, other, lambda a, b: a >= b, bool)

    def __and__(self, other):
        return self._bits(other, lambda a, b: a & b)

    __rand__ = __iand__ = __and__

    def __or__(self, other):
        return self._bits(other, lambda a, b: a | b)

    __ror__ = __or__

    def __xor__(self, other):
        return self._bits(other, lambda a, b: a ^ b)

    __rxor__ = __xor__

    def _bits(self, other, operation):
        if max_(self.dtype.rank, _weight(other)[0].rank) > 1:
            raise RuntimeError("&, | and ^ are for boolean and whole tensors")
        return _binary(self, other, operation)

    def _in_place(self, other):
        raise NotHereError(NOT_HERE.format("changing a tensor in its place (try a = a + b)"))

    __iadd__ = __isub__ = __imul__ = __itruediv__ = __ior__ = _in_place

    def where(self, condition, other):
        return where(condition, self, other)

    # Along dimensions.
    def _groups(self, dim):
        """Return the numbers of each place that is left without some dimensions, and its shape."""
        if dim is None:
            dims = list(range(self.ndim))
        elif isinstance(dim, (Size, tuple, list)):
            dims = [_axis(one, self.ndim) for one in dim]
        else:
            dims = [_axis(dim, self.ndim)][: self.ndim]
        if len(dims) > len(set(dims)):
            raise RuntimeError("dim %d appears multiple times in the list of dims" % dims[-1])
        dims = dims[: self.ndim] or list(range(self.ndim))
        left = [at for at in range(self.ndim) if at not in dims]
        last = sorted(dims)
        data = self._data
        if left + last != list(range(self.ndim)):
            data = self.permute(left + last)._data
        size = _product([self.shape[at] for at in last])
        count = _product([self.shape[at] for at in left])
        shape = [self.shape[at] for at in left]
        kept = [1 if at in dims else length for at, length in enumerate(self.shape)]
        return [data[size * k : size * (k + 1)] for k in range(count)], shape, kept

    def _reduced(self, function, dim, keepdim, kind):
        groups, shape, kept = self._groups(dim)
        return _made([function(group) for group in groups], kept if keepdim else shape, kind)

    def _chosen(self, name, function, dim, keepdim, kind=None):
        if not self._data:
            raise IndexError(
                name + "(): there is nothing to choose from: the tensor has no elements"
            )
        return self._reduced(function, dim, keepdim, kind or self.dtype)

    def sum(self, dim=None, keepdim=False):
        kind = self.dtype if self.dtype.rank > 1 else int64
        return self._reduced(_total, dim, keepdim, kind)

    def mean(self, dim=None, keepdim=False):
        if self.dtype.rank < 2:
            raise RuntimeError(
                "mean(): could not infer output dtype. Input dtype must be either a floating "
                "point or complex dtype. Got: " + ("Bool" if self.dtype is bool else "Long")
            )
        average = lambda numbers: _divided(_total(numbers), float_(len(numbers)))  # noqa: E731
        return self._reduced(average, dim, keepdim, self.dtype)

    def var(self, dim=None, keepdim=False):
        def variance(numbers):
            if len(numbers) < 2:
                return nan
            middle = _total(numbers) / len(numbers)
            return _total([(x - middle) ** 2 for x in numbers]) / (len(numbers) - 1)

        return self._reduced(variance, dim, keepdim, self.dtype)

    def norm(self, dim=None, keepdim=False):
        length = lambda numbers: math.sqrt(_total([x * x for x in numbers]))  # noqa: E731
        return self._reduced(length, dim, keepdim, self.dtype)

    def any(self, dim=None, keepdim=False):
        return self._reduced(any_, dim, keepdim, bool)

    def all(self, dim=None, keepdim=False):
        return self._reduced(all_, dim, keepdim, bool)

    def count_nonzero(self):
        return _made([len([one for one in self._data if one != 0])], (), int64)

    def amax(self, dim=None, keepdim=False):
        return self._chosen("amax", _largest, dim, keepdim)

    def amin(self, dim=None, keepdim=False):
        return self._chosen("amin", _smallest, dim, keepdim)

    def aminmax(self, dim=None, keepdim=False):
        return Both(("min", "max"), (self.amin(dim, keepdim), self.amax(dim, keepdim)))

    def argmax(self, dim=None, keepdim=False):
        return self._chosen("argmax", _place_of(_largest), dim, keepdim, int64)

    def argmin(self, dim=None, keepdim=False):
        return self._chosen("argmin", _place_of(_smallest), dim, keepdim, int64)

    def max(self, dim=None, keepdim=False):
        if dim is None:
            return self.amax()
        if isinstance(dim, Tensor):
            return _binary(self, dim, _larger)
        return Both(("values", "indices"), (self.amax(dim, keepdim), self.argmax(dim, keepdim)))

    def min(self, dim=None, keepdim=False):
        if dim is None:
            return self.amin()
        if isinstance(dim, Tensor):
            return _binary(self, dim, _smaller)
        return Both(("values", "indices"), (self.amin(dim, keepdim), self.argmin(dim, keepdim)))

    def softmax(self, dim):
        return softmax(self, dim)

    def diagonal(self):
        rows, columns = self.shape
        return self.flatten()[:: columns + 1][: min_(rows, columns)]

    def diff(self, dim=-1):
        after = self.transpose(dim, -1)
        return (after[..., 1:] - after[..., :-1]).transpose(dim, -1)

    def tril(self, diagonal=0):
        return self._part(lambda row, column: column - row <= diagonal)

    def triu(self, diagonal=0):
        return self._part(lambda row, column: column - row >= diagonal)

    def _part(self, inside):
        if self.ndim < 2:
            raise RuntimeError("tril and triu need a tensor of at least two dimensions")
        rows, columns = self.shape[-2:]
        zero = False if self.dtype is bool else 0
        data = [
            one if inside(place // columns % rows, place % columns) else zero
            for place, one in enumerate(self._data)
        ]
        return _made(data, self.shape, self.dtype)

    def nonzero(self):
        strides = _strides(self.shape)
        found = [place for place, one in enumerate(self._data) if one != 0]
        data = [
            place // stride % length
            for place in found
            for stride, length in zip(strides, self.shape)
        ]
        return Tensor(data, (len(found), self.ndim), int64)

    def __matmul__(self, other):
        return _multiplied(self, other)

    matmul = __matmul__


class Both:
    """Two results with names."""

    def __init__(self, names, results):
        self._names, self._results = names, results
        for name, result in zip(names, results):
            setattr(self, name, result)

    def __len__(self):
        return len(self._results)

    def __iter__(self):
        return iter(self._results)

    def __getitem__(self, key):
        return self._results[key]


def _multiplied(one, other):
    if not isinstance(other, Tensor):
        raise TypeError("unsupported operand type(s) for @: 'Tensor' and " + repr(type(other)))
    if one.dtype is not other.dtype:
        raise RuntimeError(
            "expected m1 and m2 to have the same dtype, but got: %s != %s"
            % (one.dtype, other.dtype)
        )
    if not one.shape or not other.shape:
        raise RuntimeError("both arguments to matmul need to be at least 1D")
    left = one.unsqueeze(0) if one.ndim == 1 else one
    right = other.unsqueeze(1) if other.ndim == 1 else other
    (rows, inner), (length, columns) = left.shape[-2:], right.shape[-2:]
    if inner != length:
        raise RuntimeError(
            "mat1 and mat2 shapes cannot be multiplied (%dx%d and %dx%d)"
            % (rows, inner, length, columns)
        )
    batch = tuple(broadcast_shapes(left.shape[:-2], right.shape[:-2]))
    lefts = _spread(left, batch + (rows, inner))
    rights = _spread(right.transpose(-2, -1), batch + (columns, inner))
    data = []
    for number in range(_product(batch)):
        across = [
            rights[at * inner : (at + 1) * inner]
            for at in range(number * columns, (number + 1) * columns)
        ]
        for at in range(number * rows, (number + 1) * rows):
            row = lefts[at * inner : (at + 1) * inner]
            for column in across:
                total = 0
                for a, b in zip(row, column):
                    total += a * b
                data.append(total)
    shape = batch + (() if one.ndim == 1 else (rows,)) + (() if other.ndim == 1 else (columns,))
    return _made(data, shape, one.dtype)


def _indexed(tensor, key):
    """Choose by whole numbers, slices, None, `...`, and at most one list, tensor or mask."""
    keys = list(key) if isinstance(key, tuple) else [key]
    taken = 0
    for one in keys:
        if isinstance(one, Tensor) and one.dtype is bool:
            taken += one.ndim
        elif one is not None and one is not Ellipsis:
            taken += 1
    if taken > tensor.ndim:
        raise IndexError("too many indices for tensor of dimension %d" % tensor.ndim)
    spots = [at for at, one in enumerate(keys) if one is Ellipsis]
    at = spots[0] if spots else len(keys)
    keys = keys[:at] + [_ALL] * (tensor.ndim - taken) + keys[at + 1 :]

    lengths, strides, offset, dim, chosen = [], [], 0, 0, None
    steps = _strides(tensor.shape)
    for one in keys:
        if one is None:
            lengths.append(1)
            strides.append(0)
            continue
        if isinstance(one, list):
            one = tensor_(one)
        if isinstance(one, Tensor) and (one.shape or one.dtype is bool):
            if chosen is not None:
                raise NotHereError(NOT_HERE.format("more than one list or mask in an index"))
            if one.dtype.rank > 1:
                raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
            chosen = len(lengths), one
            wide = one.ndim if one.dtype is bool else 1
            lengths += list(tensor.shape[dim : dim + wide])
            strides += steps[dim : dim + wide]
            dim += wide
            continue
        length = tensor.shape[dim]
        if isinstance(one, slice):
            if one.step is not None and one.step <= 0:
                raise ValueError("step must be greater than zero")
            places = range(length)[one]
            lengths.append(len(places))
            strides.append(steps[dim] * (one.step or 1))
            offset += steps[dim] * (places[0] if len(places) else 0)
        elif isinstance(one, Tensor) or (isinstance(one, int_) and not isinstance(one, bool_)):
            place = one.__index__() if isinstance(one, Tensor) else one
            if not -length <= place < length:
                raise IndexError(
                    "index %d is out of bounds for dimension %d with size %d" % (place, dim, length)
                )
            offset += steps[dim] * (place % length)
        else:
            raise NotHereError(NOT_HERE.format("an index of type " + type(one).__name__))
        dim += 1
    result = Tensor(_seen(tensor._data, lengths, strides, offset), lengths, tensor.dtype)
    return result if chosen is None else _picked(result, chosen[0], chosen[1])


def _picked(tensor, dim, index):
    """Choose some places along a dimension, or by a mask along several."""
    shape = tuple(tensor.shape)
    if index.dtype is bool:
        wide = index.ndim
        if shape[dim : dim + wide] != tuple(index.shape):
            raise IndexError(
                "The shape of the mask %s at index 0 does not match the shape of the indexed "
                "tensor %s at index 0" % (list(index.shape), list(shape))
            )
        shape = shape[:dim] + (_product(index.shape),) + shape[dim + wide :]
        index = Tensor([at for at, one in enumerate(index._data) if one], (-1,), int64)
        index.shape = Size((len(index._data),))
    length, inner = shape[dim], _product(shape[dim + 1 :])
    for place in index._data:
        if not -length <= place < length:
            raise IndexError(
                "index %d is out of bounds for dimension %d with size %d" % (place, dim, length)
            )
    data = []
    for outer in range(_product(shape[:dim])):
        for place in index._data:
            start = (outer * length + place % length) * inner
            data += tensor._data[start : start + inner]
    return Tensor(data, shape[:dim] + tuple(index.shape) + shape[dim + 1 :], tensor.dtype)


# Making tensors.
def tensor(data, dtype=None):
    """Make a tensor of numbers and lists of them."""
    shape, numbers = [], []

    def read(one, depth):
        if isinstance(one, Tensor):
            one = one.tolist()
        if isinstance(one, (list, tuple)):
            if len(shape) == depth:
                if numbers:
                    raise ValueError("the lists of a tensor must all be as deep")
                shape.append(len(one))
            if shape[depth] != len(one):
                raise ValueError(
                    "expected sequence of length %d at dim %d (got %d)"
                    % (shape[depth], depth, len(one))
                )
            for part in one:
                read(part, depth + 1)
        else:
            if len(shape) > depth:
                raise ValueError("the lists of a tensor must all be as deep")
            numbers.append(one)

    kinds = [data.dtype] if isinstance(data, Tensor) else None
    read(data, 0)
    kinds = kinds or [_dtype_of(one) for one in numbers] or [float32]
    largest = kinds[0]
    for kind in kinds:
        if kind.rank > largest.rank:
            largest = kind
    return _made(numbers, shape, dtype or largest)


tensor_ = tensor


def as_tensor(data, dtype=None):
    """Return a tensor as it is, or make one."""
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    return tensor(data, dtype)


def full(size, fill_value, dtype=None):
    """Make a tensor of one number, again and again."""
    size = _shape_from([size] if isinstance(size, int_) else list(size))
    return _made([fill_value] * _product(size), size, dtype or _dtype_of(fill_value))


def zeros(*size, dtype=None):
    """Make a tensor of zeros."""
    return full(_shape_from(size), 0.0, dtype or float32)


def ones(*size, dtype=None):
    """Make a tensor of ones."""
    return full(_shape_from(size), 1.0, dtype or float32)


def zeros_like(input, dtype=None):
    """Make a tensor of zeros that is as large as another."""
    return full(input.shape, 0, dtype or input.dtype)


def ones_like(input, dtype=None):
    """Make a tensor of ones that is as large as another."""
    return full(input.shape, 1, dtype or input.dtype)


def eye(n, m=None, dtype=None):
    """Make a matrix with ones on its diagonal."""
    columns = n if m is None else m
    data = [1.0 if row == column else 0.0 for row in range(n) for column in range(columns)]
    return _made(data, (n, columns), dtype or float32)


def arange(start, end=None, step=1, dtype=None):
    """Count from a start to an end that is left out."""
    if end is None:
        start, end = 0, start
    kind = dtype
    if kind is None:
        kind = float32 if any_([isinstance(one, float_) for one in (start, end, step)]) else int64
    count = max_(0, int_(math.ceil((end - start) / step)))
    return _made([start + step * k for k in range(count)], (count,), kind)


def linspace(start, end, steps, dtype=None):
    """Go from a start to an end in equal steps."""
    data = []
    step = _kept([(end - start) / (steps - 1)], dtype or float32)[0] if steps > 1 else 0.0
    for k in range(steps):
        data.append(start + step * k if k < steps // 2 else end - step * (steps - 1 - k))
    return _made(data if steps > 1 else [start] * steps, (steps,), dtype or float32)


def stack(tensors, dim=0):
    """Put tensors of one shape along a new dimension."""
    tensors = list(tensors)
    for one in tensors:
        if tuple(one.shape) != tuple(tensors[0].shape):
            raise RuntimeError("stack expects each tensor to be equal size")
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    return cat([one.unsqueeze(dim) for one in tensors], _axis(dim, tensors[0].ndim + 1))


def cat(tensors, dim=0):
    """Put tensors one after the other along a dimension."""
    tensors = list(tensors)
    if not tensors:
        raise RuntimeError("expected a non-empty list of Tensors")
    kind, at = tensors[0].dtype, _axis(dim, tensors[0].ndim)
    if not tensors[0].shape:
        raise RuntimeError("zero-dimensional tensor (at position 0) cannot be concatenated")
    shape = list(tensors[0].shape)
    for one in tensors[1:]:
        kind = one.dtype if one.dtype.rank > kind.rank else kind
        other = list(one.shape)
        if len(other) != len(shape) or other[:at] + other[at + 1 :] != shape[:at] + shape[at + 1 :]:
            raise RuntimeError(
                "Sizes of tensors must match except in dimension %d. Got %s and %s"
                % (at, list(tensors[0].shape), other)
            )
    data = []
    sizes = [_product(one.shape[at:]) for one in tensors]
    for outer in range(_product(shape[:at])):
        for one, size in zip(tensors, sizes):
            data += one._data[outer * size : (outer + 1) * size]
    shape[at] = sum_([one.shape[at] for one in tensors])
    return _made(data, shape, kind)


concat = cat


# Functions of tensors.
def where(condition, input, other):
    """Choose from one or the other, number by number."""
    if not isinstance(condition, Tensor) or condition.dtype is not bool:
        raise RuntimeError("where expected condition to be a boolean tensor")
    kind = _common(_weight(input), _weight(other))
    input, other = [
        one if isinstance(one, Tensor) else Tensor([one], (), _dtype_of(one))
        for one in (input, other)
    ]
    shape = broadcast_shapes(condition.shape, input.shape, other.shape)
    three = zip(_spread(condition, shape), _spread(input, shape), _spread(other, shape))
    return _made([a if flag else b for flag, a, b in three], shape, kind)


def softmax(input, dim):
    """Turn numbers along a dimension into weights that sum to one."""
    if input.dtype.rank < 2:
        kind = "Bool" if input.dtype is bool else "Long"
        raise NotImplementedError('"softmax" is not implemented for ' + repr(kind))
    at = _axis(dim, input.ndim)
    length = input.shape[at] if input.shape else 1
    inner = _product(input.shape[at + 1 :])
    data = list(input._data)
    for outer in range(len(data) // max_(length * inner, 1)):
        for k in range(inner):
            start, end = outer * length * inner + k, (outer + 1) * length * inner
            numbers = data[start:end:inner]
            best = _largest(numbers)
            powers = [nan if x != x or best == -inf else math.exp(x - best) if x != best else 1.0
                      for x in numbers]  # fmt: skip
            if best == inf or best != best:
                powers = [nan] * length
            total = _total(powers)
            for place, power in enumerate(powers):
                data[start + place * inner] = power / total
    return _made(data, input.shape, input.dtype)


def allclose(input, other, rtol=1e-5, atol=1e-8):
    """Tell whether two tensors are nearly the same."""
    if input.dtype is not other.dtype:
        raise RuntimeError("%s did not match %s" % (input.dtype, other.dtype))
    near = lambda a, b: a == b or abs_(a - b) <= atol + rtol * abs_(b)  # noqa: E731
    finite = lambda a, b: near(a, b) if math.isfinite(b) or a == b else False  # noqa: E731
    return all_(_binary(input, other, finite, bool)._data)


def equal(input, other):
    """Tell whether two tensors have one shape and the same numbers."""
    return tuple(input.shape) == tuple(other.shape) and all_((input == other)._data)


def maximum(input, other):
    """Take the larger of two, number by number."""
    return _binary(input, other, _larger)


def minimum(input, other):
    """Take the smaller of two, number by number."""
    return _binary(input, other, _smaller)


def is_tensor(obj):
    """Tell whether something is a tensor."""
    return isinstance(obj, Tensor)


def _method(name):
    return lambda input, *given, **named: getattr(input, name)(*given, **named)


exp, log, sqrt, sin, cos, tanh, sigmoid, square = [
    _method(name) for name in ["exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "square"]
]
abs, round, clamp, relu, isfinite, isnan, isinf = [
    _method(name) for name in ["abs", "round", "clamp", "relu", "isfinite", "isnan", "isinf"]
]
sum, mean, var, norm, any, all, amax, amin, aminmax = [
    _method(name)
    for name in ["sum", "mean", "var", "norm", "any", "all", "amax", "amin", "aminmax"]
]
max, min, argmax, argmin, tril, triu, flatten, reshape = [
    _method(name)
    for name in ["max", "min", "argmax", "argmin", "tril", "triu", "flatten", "reshape"]
]
transpose, permute, squeeze, unsqueeze, matmul, pow = [
    _method(name) for name in ["transpose", "permute", "squeeze", "unsqueeze", "matmul", "pow"]
]


# Random numbers, the same as torch draws on a processor.
class Generator:
    """The Mersenne Twister (Matsumoto and Nishimura 1998), with 624 words of state."""

    def __init__(self):
        self.manual_seed(67280421310721)

    def manual_seed(self, seed):
        word = seed & 0xFFFFFFFF
        self._seed, self._words, self._next, self._other = seed, [word], 624, None
        for k in range(1, 624):
            word = (1812433253 * (word ^ (word >> 30)) + k) & 0xFFFFFFFF
            self._words.append(word)
        return self

    def initial_seed(self):
        return self._seed

    def _skip(self, count):
        """Leave out as many words, as a page does that has drawn them before."""
        for _ in range(count):
            self._word()
        return self

    def _word(self):
        if self._next == 624:
            words = self._words
            for k in range(624):
                both = (words[k] & 0x80000000) | (words[(k + 1) % 624] & 0x7FFFFFFF)
                words[k] = words[(k + 397) % 624] ^ (both >> 1) ^ (0x9908B0DF if both & 1 else 0)
            self._next = 0
        word = self._words[self._next]
        self._next += 1
        word ^= word >> 11
        word ^= (word << 7) & 0x9D2C5680
        word ^= (word << 15) & 0xEFC60000
        return word ^ (word >> 18)

    def _uniform(self):
        return (self._word() & 0xFFFFFF) / 16777216

    def _fine(self):
        high = self._word()
        return (((high << 32) | self._word()) & (2**53 - 1)) / 9007199254740992

    def _normal(self):
        if self._other is not None:
            second, self._other = self._other, None
            return second
        angle, length = 2 * math.pi * self._fine(), math.sqrt(-2 * math.log(1 - self._fine()))
        self._other = length * math.sin(angle)
        return length * math.cos(angle)


default_generator = Generator()


def manual_seed(seed):
    """Begin anew with the random numbers that no generator is named for."""
    return default_generator.manual_seed(seed)


def rand(*size, generator=None):
    """Draw numbers between zero and one."""
    draw, size = generator or default_generator, _shape_from(size)
    return _made([draw._uniform() for _ in range(_product(size))], size, float32)


def randn(*size, generator=None):
    """Draw numbers with mean zero and variance one."""
    draw, size = generator or default_generator, _shape_from(size)
    count = _product(size)
    if count < 16:
        return _made([draw._normal() for _ in range(count)], size, float32)
    data = [draw._uniform() for _ in range(count)]

    def bend(start):
        for k in range(start, start + 8):
            length = math.sqrt(-2 * math.log(1 - data[k]))
            angle = 2 * math.pi * data[k + 8]
            data[k], data[k + 8] = length * math.cos(angle), length * math.sin(angle)

    for start in range(0, count - 15, 16):
        bend(start)
    if count % 16:
        data[count - 16 :] = [draw._uniform() for _ in range(16)]
        bend(count - 16)
    return _made(data, size, float32)


def randint(low, high, size, generator=None):
    """Draw whole numbers from a range."""
    draw = generator or default_generator
    data = [low + draw._word() % (high - low) for _ in range(_product(size))]
    return Tensor(data, size, int64)


# Writing tensors down.
def fixed(number, digits):
    """Write a number with as many digits after the point, as exactly as Python does."""
    fraction, exponent = math.frexp(abs_(number))
    scaled, down = int_(fraction * 9007199254740992) * 10**digits, 53 - exponent
    whole = scaled >> down if down > 0 else scaled << -down
    if down > 0:
        twice = (scaled & ((1 << down) - 1)) << 1
        if twice > 1 << down or (twice == 1 << down and whole & 1):
            whole += 1
    text = str(whole)
    while len(text) <= digits:
        text = "0" + text
    sign = "-" if number < 0 or (number == 0 and math.copysign(1, number) < 0) else ""
    return sign + (
        text[: len(text) - digits] + "." + text[len(text) - digits :] if digits else text
    )


def _plain(number, how):
    if isinstance(number, (bool_, int_)):
        return str(number)
    if number != number:
        return "nan"
    if number in (inf, -inf):
        return "inf" if number > 0 else "-inf"
    if how == "whole":
        return fixed(number, 0) + "."
    return "%.4e" % number if how == "small" else fixed(number, DIGITS)


def _manner(numbers):
    """Choose how to write numbers, and how wide."""
    if not numbers or isinstance(numbers[0], (bool_, int_)):
        return "", max_([len(str(one)) for one in numbers] or [1])
    sizes = [abs_(one) for one in numbers if one == one and one not in (0, inf, -inf)]
    shown = [one for one in numbers if one == one and one not in (0, inf, -inf)]
    if not sizes:
        return "whole", 1
    least, most = min_(sizes), max_(sizes)
    far = most / least > 1000 or most > 1e8
    if all_([one == math.floor(one) for one in sizes]):
        how = "small" if far else "whole"
    else:
        how = "small" if far or least < 1e-4 else "real"
    return how, max_([len(_plain(one, how)) for one in shown])


def _ends(tensor):
    """Leave out the middle of each dimension that is long."""
    for dim in range(tensor.ndim):
        if tensor.shape[dim] > 2 * AT_ENDS:
            before = (_ALL,) * dim
            first, last = tensor[before + (_FIRST,)], tensor[before + (_LAST,)]
            tensor = cat([first, last], dim)
    return tensor


def _written(tensor):
    short = tensor.numel() > MOST_SHOWN
    how, wide = _manner((_ends(tensor) if short else tensor)._data)

    def write(one):
        text = _plain(one, how)
        return " " * (wide - len(text)) + text

    def lines(part, indent):
        if not part.shape:
            return write(part._data[0])
        length = part.shape[0]
        cut = short and length > 2 * AT_ENDS
        places = (
            list(range(AT_ENDS)) + list(range(length - AT_ENDS, length)) if cut else range(length)
        )
        if part.ndim > 1:
            texts = [lines(part[place], indent + 1) for place in places]
            if cut:
                texts.insert(AT_ENDS, "...")
            return "[" + ("," + "\n" * (part.ndim - 1) + " " * (indent + 1)).join(texts) + "]"
        texts = [write(part._data[place]) for place in places]
        if cut:
            texts.insert(AT_ENDS, " ...")
        across = max_(1, (WIDTH - indent) // (wide + 2))
        rows = [", ".join(texts[k : k + across]) for k in range(0, len(texts), across)]
        return "[" + (",\n" + " " * (indent + 1)).join(rows) + "]"

    notes = []
    if not tensor.numel():
        text = "[]"
        if tensor.ndim != 1:
            notes.append("size=(" + ", ".join([str(one) for one in tensor.shape]) + ")")
    else:
        text = lines(tensor, 7)
    if tensor.dtype is float64 or (tensor.dtype is not float32 and not tensor.numel()):
        notes.append("dtype=" + str(tensor.dtype))
    text = "tensor(" + text
    last = len(text) - text.rfind("\n") + 1
    for note in notes:
        if last + len(note) + 2 > WIDTH:
            text += ",\n       " + note
            last = 7 + len(note)
        else:
            text += ", " + note
            last += len(note) + 2
    return text + ")"


def __getattr__(name):
    if name[:2] == "__":
        raise AttributeError(name)
    raise NotHereError(NOT_HERE.format("torch." + name))
