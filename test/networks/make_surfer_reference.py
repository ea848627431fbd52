"""Makes the stored output of SURFER's network for the importer's test, with PyTorch in double precision.

    python3 test/networks/make_surfer_reference.py        (Debian: apt-get install python3-torch python3-h5py)

Writes fixtures/scunet-output.json. Weights come from `weight_values`, in the order of `tensors()`, as in
surfer-weights.ts. The network is written from its description in another way than the importer's graph: windows by
reshaping, shifts by rolling, masks by numbered regions.
"""

import json
import math

import numpy as np
import torch
import torch.nn.functional as F
from make_references import FIXTURES, weight_values

WINDOW, HEAD = 3, 16


def tensors():
    """Name, shape, centre and spread of every tensor, in the order of their seeds."""

    def conv(key, out, inside, k, transposed=False):
        shape = (inside, out, k, k, k) if transposed else (out, inside, k, k, k)
        yield f"{key}.weight", shape, 0, math.sqrt(3 / (inside * k**3))

    def linear(key, out, inside):
        yield f"{key}.weight", (out, inside), 0, math.sqrt(3 / inside)
        yield f"{key}.bias", (out,), 0, 0.1

    def block(key, c):
        h = c // 2
        for norm in ("ln1", "ln2"):
            yield f"{key}.trans_block.{norm}.weight", (h,), 1, 0.2
            yield f"{key}.trans_block.{norm}.bias", (h,), 0, 0.1
        yield f"{key}.trans_block.msa.relative_position_params", (h // HEAD, 5, 5, 5), 0, 1
        yield from linear(f"{key}.trans_block.msa.embedding_layer", 3 * h, h)
        yield from linear(f"{key}.trans_block.msa.linear", h, h)
        yield from linear(f"{key}.trans_block.mlp.0", 4 * h, h)
        yield from linear(f"{key}.trans_block.mlp.2", h, 4 * h)
        for name in ("conv1_1", "conv1_2"):
            yield from conv(f"{key}.{name}", c, c, 1)
            yield f"{key}.{name}.bias", (c,), 0, 0.1
        for index in (0, 2):
            yield from conv(f"{key}.conv_block.{index}", h, h, 3)
            for word, centre, spread in (("eps", 0, 1e-3), ("gamma", 1, 0.2), ("beta", 0, 0.1), ("tau", -0.5, 0.3)):
                yield f"{key}.conv_block.{index + 1}.{word}", (1, h, 1, 1, 1), centre, spread

    yield from conv("m_head.0", 32, 1, 3)
    for level, c in ((1, 32), (2, 64), (3, 128)):
        for index in (0, 1):
            yield from block(f"m_down{level}.{index}", c)
        yield from conv(f"m_down{level}.2", 2 * c, c, 2)
    for index in (0, 1):
        yield from block(f"m_body.{index}", 256)
    for level, c in ((3, 128), (2, 64), (1, 32)):
        yield from conv(f"m_up{level}.0", c, 2 * c, 2, transposed=True)
        for index in (1, 2):
            yield from block(f"m_up{level}.{index}", c)
    yield from conv("m_tail.0", 1, 32, 3)


def all_weights():
    made = {}
    for index, (name, shape, centre, spread) in enumerate(tensors()):
        values = weight_values(5000 + index, int(np.prod(shape)), centre, spread).reshape(shape)
        made[name] = torch.from_numpy(values).double()
    return made


def frn(x, w, key):
    nu2 = x.pow(2).mean(dim=(2, 3, 4), keepdim=True)
    x = x * torch.rsqrt(nu2 + w[f"{key}.eps"].abs())
    return torch.maximum(w[f"{key}.gamma"] * x + w[f"{key}.beta"], w[f"{key}.tau"])


def regions(n):
    """Numbers of regions for a shifted cube: voxels of different regions do not see each other within a window."""
    along = torch.zeros(n)
    along[n - WINDOW : n - 1] = 1
    along[n - 1 :] = 2
    return along[:, None, None] * 9 + along[None, :, None] * 3 + along[None, None, :]


def to_windows(x):
    """(N, z, y, x, c) to (N, windows, tokens, c)."""
    n, d, h, w, c = x.shape
    p = WINDOW
    x = x.reshape(n, d // p, p, h // p, p, w // p, p, c).permute(0, 1, 3, 5, 2, 4, 6, 7)
    return x.reshape(n, -1, p**3, c)


def from_windows(x, size):
    n, _, _, c = x.shape
    p = WINDOW
    d, h, w = size
    x = x.reshape(n, d // p, h // p, w // p, p, p, p, c).permute(0, 1, 4, 2, 5, 3, 6, 7)
    return x.reshape(n, d, h, w, c)


def attention(x, w, key, shifted):
    size, c = x.shape[1:4], x.shape[4]
    if shifted:
        x = torch.roll(x, (-1, -1, -1), (1, 2, 3))
    tokens = to_windows(x)
    qkv = F.linear(tokens, w[f"{key}.embedding_layer.weight"], w[f"{key}.embedding_layer.bias"])
    q, k, v = (part.unflatten(-1, (c // HEAD, HEAD)).transpose(2, 3) for part in qkv.split(c, dim=-1))
    axis = torch.arange(WINDOW)
    at = torch.stack(torch.meshgrid(axis, axis, axis, indexing="ij"), -1).reshape(-1, 3)
    apart = at[:, None] - at[None] + WINDOW - 1
    bias = w[f"{key}.relative_position_params"][:, apart[..., 0], apart[..., 1], apart[..., 2]]
    seen = q @ k.transpose(-1, -2) * HEAD**-0.5 + bias
    if shifted:
        region = to_windows(regions(size[0])[None, ..., None])[0, :, :, 0]
        hidden = region[:, None, :] != region[:, :, None]
        seen = seen.masked_fill(hidden[:, None], -math.inf)
    looked = (seen.softmax(-1) @ v).transpose(2, 3).flatten(-2)
    x = from_windows(F.linear(looked, w[f"{key}.linear.weight"], w[f"{key}.linear.bias"]), size)
    return torch.roll(x, (1, 1, 1), (1, 2, 3)) if shifted else x


def block(x, w, key, shifted):
    half = x.shape[1] // 2
    mixed = F.conv3d(x, w[f"{key}.conv1_1.weight"], w[f"{key}.conv1_1.bias"])
    p, t = mixed[:, :half], mixed[:, half:].permute(0, 2, 3, 4, 1)
    inner = frn(F.conv3d(p, w[f"{key}.conv_block.0.weight"], padding=1), w, f"{key}.conv_block.1")
    p = frn(F.conv3d(inner, w[f"{key}.conv_block.2.weight"], padding=1), w, f"{key}.conv_block.3") + p
    trans = f"{key}.trans_block"

    def norm(name):
        return F.layer_norm(t, (half,), w[f"{trans}.{name}.weight"], w[f"{trans}.{name}.bias"])

    t = t + attention(norm("ln1"), w, f"{trans}.msa", shifted)
    wide = F.gelu(F.linear(norm("ln2"), w[f"{trans}.mlp.0.weight"], w[f"{trans}.mlp.0.bias"]))
    t = t + F.linear(wide, w[f"{trans}.mlp.2.weight"], w[f"{trans}.mlp.2.bias"])
    joined = torch.cat([p, t.permute(0, 4, 1, 2, 3)], 1)
    return x + F.conv3d(joined, w[f"{key}.conv1_2.weight"], w[f"{key}.conv1_2.bias"])


def scunet(x, w):
    made = [F.conv3d(x, w["m_head.0.weight"], padding=1)]
    for level in (1, 2, 3):
        y = block(block(made[-1], w, f"m_down{level}.0", False), w, f"m_down{level}.1", True)
        made.append(F.conv3d(y, w[f"m_down{level}.2.weight"], stride=2))
    x = block(block(made[3], w, "m_body.0", False), w, "m_body.1", True)
    for level in (3, 2, 1):
        x = F.conv_transpose3d(x + made[level], w[f"m_up{level}.0.weight"], stride=2)
        x = block(block(x, w, f"m_up{level}.1", False), w, f"m_up{level}.2", True)
    return F.conv3d(x + made[0], w["m_tail.0.weight"], padding=1)


if __name__ == "__main__":
    torch.set_num_threads(2)
    weights = all_weights()
    cube = torch.from_numpy(weight_values(4999, 48**3, 0, 1).reshape(1, 1, 48, 48, 48)).double()
    with torch.no_grad():
        y = scunet(cube, weights)[0, 0].numpy()
    stored = {
        "tensors": len(weights),
        "parameters": sum(value.numel() for value in weights.values()),
        "rms": float(np.sqrt((y**2).mean())),
        "mean": float(y.mean()),
        "every": 6,
        "samples": [round(float(v), 7) for v in y[1::6, 2::6, 5::6].ravel()],
        "corners": [float(v) for v in y[::47, ::47, ::47].ravel()],
    }
    (FIXTURES / "scunet-output.json").write_text(json.dumps(stored) + "\n")
