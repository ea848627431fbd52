"""Makes the stored files of the importer's tests with PyTorch, h5py and nothing of this repository.

    python3 test/networks/make_references.py        (Debian: apt-get install python3-torch python3-h5py)

Writes into test/networks/fixtures:
  emmernet-output.json    samples of EMmerNet's output for weights and a cube from `weight_values`, as in the tests
  layers.hdf5             a small Keras-style network with every layer that is converted, written by the HDF5 library
  layers-output.json      its input and its output in full
  exported.onnx           a small U-Net as torch.onnx writes it
  exported-output.json    its output in full
  tensors.pt              a state dictionary as torch.save writes it: strided, shared and wrapped tensors
Networks are evaluated in double precision, from the definitions in Keras's documentation.
"""

import collections
import json
import math
import pathlib

import h5py
import numpy as np
import torch
import torch.nn.functional as F

FIXTURES = pathlib.Path(__file__).parent / "fixtures"


def weight_values(seed, count, centre, spread):
    """Repeatable numbers in [centre - spread, centre + spread): a hash of the index, the same in weight-values.ts."""
    x = (np.arange(1, count + 1, dtype=np.uint64) + np.uint64(seed * 0x9E3779B1)) & np.uint64(0xFFFFFFFF)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x ^= x >> np.uint64(shift)
        x = (x * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    x ^= x >> np.uint64(16)
    unit = x.astype(np.float64) / 2.0**31 - 1.0
    return (centre + spread * unit).astype(np.float32)


class Seeds:
    """Tensors in the order in which they are asked for."""

    def __init__(self, first=1):
        self.next = first

    def tensor(self, shape, centre, spread):
        values = weight_values(self.next, int(np.prod(shape)), centre, spread)
        self.next += 1
        return values.reshape(shape)


def kernel_spread(fan_in):
    return math.sqrt(3.0 / fan_in)


def same_pads(n, kernel, stride):
    total = max((-(-n // stride) - 1) * stride + kernel - n, 0)
    return total // 2, total - total // 2


def pad_same(x, kernel, stride, value=0.0):
    pads = []
    for axis in (4, 3, 2):
        pads += same_pads(x.shape[axis], kernel, stride)
    return F.pad(x, pads, value=value)


def conv_same(x, weight, bias, stride=1):
    return F.conv3d(pad_same(x, weight.shape[2], stride), weight, bias, stride=stride)


def conv_transpose_same(x, weight, bias, stride):
    full = F.conv_transpose3d(x, weight, bias, stride=stride)
    surplus = weight.shape[2] - stride
    before = surplus // 2
    d, h, w = (n * stride for n in x.shape[2:])
    return full[:, :, before : before + d, before : before + h, before : before + w]


def double(values):
    return torch.from_numpy(np.ascontiguousarray(values)).double()


def emmernet():
    """The blocks in the order of the reference; weights of each: kernel, bias, slopes, gamma, beta."""
    seeds = Seeds()

    def kernel(x, out, transposed=False):
        inside = x.shape[1]
        shape = (inside, out, 5, 5, 5) if transposed else (out, inside, 5, 5, 5)
        weight = seeds.tensor(shape, 0, kernel_spread(inside * 125))
        return double(weight), double(seeds.tensor((out,), 0, 0.1))

    def block(x, out, stride=1):
        y = conv_same(x, *kernel(x, out), stride=stride)
        y = F.prelu(y, double(seeds.tensor((out,), 0.25, 0.2)))
        gamma, beta = seeds.tensor((out,), 1, 0.2), seeds.tensor((out,), 0, 0.1)
        return F.group_norm(y, 8, double(gamma), double(beta), eps=1e-3)

    def up(x, out):
        return conv_transpose_same(x, *kernel(x, out, transposed=True), stride=2)

    x = double(weight_values(1000, 32**3, 0, 1).reshape(1, 1, 32, 32, 32))
    c11 = block(x, 32)
    y = block(block(c11, 32), 32, 2)
    c21 = block(y, 64)
    y = block(block(c21, 64), 64, 2)
    c31 = block(y, 128)
    y = block(block(c31, 128), 128, 2)
    y = block(y, 128)
    y = torch.cat([up(y, 128), c31], 1)
    y = block(block(block(y, 128), 128), 128)
    y = torch.cat([up(y, 64), c21], 1)
    y = block(block(block(y, 64), 64), 64)
    y = torch.cat([up(y, 32), c11], 1)
    y = block(block(block(y, 32), 32), 32)
    y = block(up(y, 16), 8, 2)
    y = conv_same(y, *kernel(y, 1)).numpy()[0, 0]
    corners = [float(v) for v in y[::31, ::31, ::31].ravel()]
    return {
        "tensors": seeds.next - 1,
        "rms": float(np.sqrt((y**2).mean())),
        "mean": float(y.mean()),
        "every": 4,
        "samples": [round(float(v), 7) for v in y[1::4, 2::4, 3::4].ravel()],
        "corners": corners,
    }


class KerasFile:
    """A Keras 2 file by hand: model_config, and weights by layer."""

    def __init__(self, name, size, channels):
        self.layers = [
            self.entry("InputLayer", "map", {"batch_input_shape": [None, size, size, size, channels]}, []),
        ]
        self.name = name
        self.weights = []

    @staticmethod
    def entry(kind, name, config, inputs):
        nodes = [[[layer, 0, 0, {}] for layer in inputs]] if inputs else []
        config = {"name": name, "trainable": True, "dtype": "float32", **config}
        return {"class_name": kind, "config": config, "name": name, "inbound_nodes": nodes}

    def add(self, kind, name, inputs, config=None, weights=None):
        self.layers.append(self.entry(kind, name, config or {}, inputs))
        self.weights.append((name, weights or {}))

    def write(self, path, output):
        config = {
            "class_name": "Functional",
            "config": {
                "name": self.name,
                "layers": self.layers,
                "input_layers": [["map", 0, 0]],
                "output_layers": [[output, 0, 0]],
            },
        }
        with h5py.File(path, "w") as file:
            file.attrs["keras_version"] = b"2.11.0"
            file.attrs["backend"] = b"tensorflow"
            file.attrs["model_config"] = json.dumps(config).encode("utf8")
            group = file.create_group("model_weights")
            group.attrs["layer_names"] = [name.encode("utf8") for name, _ in self.weights]
            for layer, weights in self.weights:
                inner = group.create_group(layer)
                names = [f"{layer}/{word}:0".encode("utf8") for word in weights]
                inner.attrs["weight_names"] = np.array(names) if names else np.zeros((0,))
                for word, values in weights.items():
                    inner.create_dataset(f"{layer}/{word}:0", data=values)


def layers():
    """Every layer once or twice, on a cube of 9 (odd, so that both sides of `same` are seen), 2 channels."""
    seeds = Seeds(2000)
    size, channels = 9, 2
    keras = KerasFile("layers", size, channels)
    data = weight_values(1999, size**3 * channels, 0, 1).reshape(1, size, size, size, channels)
    values = {"map": double(data).permute(0, 4, 1, 2, 3)}

    def put(kind, name, inputs, value, config=None, weights=None):
        keras.add(kind, name, inputs, config, weights)
        values[name] = value

    def conv(name, source, out, k, stride=1, padding="same", groups=1, activation="linear", use_bias=True):
        x = values[source]
        kernel = seeds.tensor((k, k, k, x.shape[1] // groups, out), 0, kernel_spread(x.shape[1] // groups * k**3))
        weights = {"kernel": kernel}
        bias = None
        if use_bias:
            weights["bias"] = seeds.tensor((out,), 0, 0.3)
            bias = double(weights["bias"])
        padded = pad_same(x, k, stride) if padding == "same" else x
        y = F.conv3d(padded, double(kernel).permute(4, 3, 0, 1, 2), bias, stride=stride, groups=groups)
        y = {"linear": y, "relu": F.relu(y), "swish": y * torch.sigmoid(y)}[activation]
        config = {
            "filters": out,
            "kernel_size": [k] * 3,
            "strides": [stride] * 3,
            "padding": padding,
            "data_format": "channels_last",
            "dilation_rate": [1, 1, 1],
            "groups": groups,
            "activation": activation,
            "use_bias": use_bias,
        }
        put("Conv3D", name, [source], y, config, weights)

    def norm(kind, name, source, config, apply):
        x = values[source]
        weights = {"gamma": seeds.tensor((x.shape[1],), 1, 0.3), "beta": seeds.tensor((x.shape[1],), 0, 0.3)}
        put(kind, name, [source], apply(x, double(weights["gamma"]), double(weights["beta"])), config, weights)

    conv("conv_a", "map", 6, 3)
    alpha = seeds.tensor((1, 1, 1, 6), 0.25, 0.2)
    put(
        "PReLU",
        "p_re_lu",
        ["conv_a"],
        F.prelu(values["conv_a"], double(alpha.ravel())),
        {"shared_axes": [1, 2, 3]},
        {"alpha": alpha},
    )
    norm(
        "Addons>GroupNormalization",
        "group_normalization",
        "p_re_lu",
        {"groups": 3, "axis": -1, "epsilon": 0.001, "center": True, "scale": True},
        lambda x, gamma, beta: F.group_norm(x, 3, gamma, beta, eps=1e-3),
    )
    put(
        "Dropout", "dropout", ["group_normalization"], values["group_normalization"], {"rate": 0.5, "noise_shape": None}
    )
    conv("conv_b", "dropout", 4, 4, stride=2, activation="relu")  # 9 -> 5
    conv("conv_c", "dropout", 4, 5, stride=2, use_bias=False)  # 9 -> 5
    put("Add", "add", ["conv_b", "conv_c"], values["conv_b"] + values["conv_c"])
    put("Average", "average", ["conv_b", "conv_c"], (values["conv_b"] + values["conv_c"]) / 2)
    put("Multiply", "multiply", ["add", "average"], values["add"] * values["average"])
    put(
        "Concatenate",
        "concatenate",
        ["add", "multiply"],
        torch.cat([values["add"], values["multiply"]], 1),
        {"axis": -1},
    )
    conv("grouped", "concatenate", 8, 3, groups=2, activation="swish")
    norm(
        "Addons>InstanceNormalization",
        "instance_normalization",
        "grouped",
        {"axis": -1, "epsilon": 0.001},
        lambda x, gamma, beta: F.group_norm(x, x.shape[1], gamma, beta, eps=1e-3),
    )
    kernel, bias = seeds.tensor((5, 5, 5, 6, 8), 0, kernel_spread(1000)), seeds.tensor((6,), 0, 0.3)
    up = conv_transpose_same(values["instance_normalization"], double(kernel).permute(4, 3, 0, 1, 2), double(bias), 2)
    config = {"filters": 6, "kernel_size": [5] * 3, "strides": [2] * 3, "padding": "same", "output_padding": None}
    put(
        "Conv3DTranspose", "conv3d_transpose", ["instance_normalization"], up, config, {"kernel": kernel, "bias": bias}
    )  # 5 -> 10
    put("SpatialDropout3D", "spatial_dropout3d", ["conv3d_transpose"], up, {"rate": 0.2})
    put("GaussianNoise", "gaussian_noise", ["spatial_dropout3d"], up, {"stddev": 0.1})
    pooled = F.max_pool3d(pad_same(up, 3, 2, -math.inf), 3, 2)
    config = {"pool_size": [3] * 3, "strides": [2] * 3, "padding": "same"}
    put("MaxPooling3D", "max_pooling3d", ["gaussian_noise"], pooled, config)  # 10 -> 5
    ones = torch.ones_like(up[:, :1])
    mean = F.avg_pool3d(pad_same(up, 3, 2), 3, 2) / F.avg_pool3d(pad_same(ones, 3, 2), 3, 2)
    put("AveragePooling3D", "average_pooling3d", ["gaussian_noise"], mean, config)  # 10 -> 5
    put("LeakyReLU", "leaky_re_lu", ["max_pooling3d"], F.leaky_relu(pooled, 0.3), {"alpha": 0.3})
    put("ELU", "elu", ["average_pooling3d"], F.elu(mean), {"alpha": 1.0})
    put(
        "Concatenate",
        "concatenate_1",
        ["leaky_re_lu", "elu"],
        torch.cat([values["leaky_re_lu"], values["elu"]], 1),
        {"axis": 4},
    )
    moving = {"moving_mean": seeds.tensor((12,), 0, 0.3), "moving_variance": seeds.tensor((12,), 1, 0.3)}
    weights = {"gamma": seeds.tensor((12,), 1, 0.3), "beta": seeds.tensor((12,), 0, 0.3), **moving}
    y = F.batch_norm(
        values["concatenate_1"],
        *(double(weights[word]) for word in ("moving_mean", "moving_variance", "gamma", "beta")),
        eps=1e-3,
    )
    put("BatchNormalization", "batch_normalization", ["concatenate_1"], y, {"axis": [4], "epsilon": 0.001}, weights)
    y = F.interpolate(y, scale_factor=2, mode="nearest")
    put("UpSampling3D", "up_sampling3d", ["batch_normalization"], y, {"size": [2, 2, 2]})  # 5 -> 10
    y = F.pad(y, (0, 1, 1, 0, 2, 1))
    put("ZeroPadding3D", "zero_padding3d", ["up_sampling3d"], y, {"padding": [[2, 1], [1, 0], [0, 1]]})  # 13, 11, 11
    y = y[:, :, 1:12, :, :]
    put("Cropping3D", "cropping3d", ["zero_padding3d"], y, {"cropping": [[1, 1], [0, 0], [0, 0]]})  # 11
    alpha = seeds.tensor((11, 11, 11, 1), 0.25, 0.2)
    slopes = double(alpha).permute(3, 0, 1, 2)
    put("PReLU", "p_re_lu_1", ["cropping3d"], torch.where(y > 0, y, y * slopes), {"shared_axes": [4]}, {"alpha": alpha})
    put("Activation", "activation", ["p_re_lu_1"], torch.tanh(values["p_re_lu_1"]), {"activation": "tanh"})
    conv("last_layer", "activation", 1, 3, padding="valid")  # 11 -> 9
    keras.write(FIXTURES / "layers.hdf5", "last_layer")
    out = values["last_layer"].numpy()[0, 0]
    return {"size": size, "channels": channels, "output": [round(float(v), 8) for v in out.ravel()]}


class SmallUNet(torch.nn.Module):
    """Operators as torch.onnx writes them: normalisation by reshaping, skips, nearest upsampling."""

    def __init__(self):
        super().__init__()
        self.down = torch.nn.Sequential(
            torch.nn.Conv3d(1, 4, 3, padding=1), torch.nn.GroupNorm(2, 4), torch.nn.PReLU(4)
        )
        self.middle = torch.nn.Sequential(torch.nn.Conv3d(4, 4, 3, padding=1), torch.nn.Dropout3d(0.2), torch.nn.GELU())
        self.last = torch.nn.Conv3d(8, 1, 1)

    def forward(self, x):
        first = self.down(x)
        y = F.interpolate(self.middle(F.max_pool3d(first, 2)), scale_factor=2, mode="nearest")
        return self.last(torch.cat([first, y], 1))


def exported():
    net = SmallUNet().eval()
    seeds = Seeds(3000)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.copy_(torch.from_numpy(seeds.tensor(tuple(parameter.shape), 0.1, 0.4)))
    x = torch.from_numpy(weight_values(2999, 8**3, 0, 1).reshape(1, 1, 8, 8, 8))
    axes = {"map": {0: "n"}, "out": {0: "n"}}
    path = str(FIXTURES / "exported.onnx")
    torch.onnx.export(net, x, path, opset_version=13, input_names=["map"], output_names=["out"], dynamic_axes=axes)
    return {"output": [round(float(v), 8) for v in net.double()(x.double()).detach().numpy().ravel()]}


def tensors():
    base = torch.arange(24, dtype=torch.float32)
    state = {
        "plain": base.reshape(2, 3, 4),
        "module.wrapped": torch.tensor([0.5, -0.25]),
        "strided": base.reshape(2, 3, 4).permute(2, 0, 1),
        "offset": base[4:10],
        "parameter": torch.nn.Parameter(torch.tensor([[1.0, 2.0]])),
        "double": torch.tensor([1.0], dtype=torch.float64),
    }
    # As a module's own state_dict(): with an attribute, which pickle sets by an opcode of its own.
    state = collections.OrderedDict(state)
    state._metadata = collections.OrderedDict({"": {"version": 1}})
    torch.save({"epoch": 8, "loss": 0.125, "model_state_dict": state}, FIXTURES / "tensors.pt")


if __name__ == "__main__":
    torch.set_num_threads(2)
    for name, make in (("exported", exported), ("layers", layers), ("emmernet", emmernet)):
        (FIXTURES / f"{name}-output.json").write_text(json.dumps(make()) + "\n")
    tensors()
