"""The language model is the one that another implementation reads from the same file."""

import functools
import sys
from collections.abc import Callable, Iterator

import gguf
import numpy as np
import pytest
import torch
import transformers
from torch import Tensor

from attncues.transformer import LanguageModel, PortugueseTranslator
from attncues.transformer.gguf import GGUF
from attncues.transformer.language import FILE
from attncues.weights import folder

ENGLISH = "The red cup on the desk caught my eye, and I finished my coffee before I read on."
CODE = "def add(first, second):\n    return first + second\n\n\nprint(add(1, 23))\n"


@functools.cache
def model() -> LanguageModel:
    return LanguageModel()


@pytest.fixture(scope="module")
def other() -> "Iterator[transformers.LlamaForCausalLM]":
    with torch.no_grad():
        yield transformers.LlamaForCausalLM.from_pretrained(
            folder(), gguf_file=FILE, attn_implementation="eager", dtype=torch.float32
        )


def texts() -> dict[str, Tensor]:
    drawn = torch.randint(1000, 40000, (25,), generator=torch.Generator().manual_seed(0))
    return {
        "English": model().read(ENGLISH),
        "code": model().read(CODE),
        "repeated": drawn.repeat(2),
    }


@pytest.mark.thorough
def test_logits_and_all_weights_agree_with_transformers(
    other: "transformers.LlamaForCausalLM",
) -> None:
    for tokens in texts().values():
        run = model()(tokens)
        expected = other(tokens[None], output_attentions=True)
        assert torch.allclose(run.logits, expected.logits[0], rtol=1e-5, atol=1e-4)
        assert run.weights.shape == (30, 9, len(tokens), len(tokens))
        assert torch.allclose(run.weights, torch.cat(expected.attentions), rtol=0, atol=1e-4)


@pytest.mark.thorough
def test_tokens_are_those_of_transformers() -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder(), gguf_file=FILE)
    for text in (ENGLISH, CODE, "杯子在书桌上", "<|im_start|>user", "naïve  ☕\t"):
        assert model().read(text).tolist() == tokenizer(text)["input_ids"]
        assert model().tokenizer.decode(model().read(text).tolist(), False) == text


@pytest.mark.thorough
def test_numbers_are_unpacked_as_the_library_of_the_format_does() -> None:
    file = GGUF(folder() / FILE)
    kinds: dict[str, gguf.ReaderTensor] = {}
    for tensor in sorted(
        gguf.GGUFReader(folder() / FILE).tensors, key=lambda each: each.n_elements
    ):
        kinds.setdefault(tensor.tensor_type.name, tensor)
    assert kinds.keys() == {"F32", "Q4_1", "Q8_0"}
    for tensor in kinds.values():
        expected = gguf.dequantize(tensor.data, tensor.tensor_type)
        assert np.array_equal(file.tensor(tensor.name), expected)


def test_it_knows_a_capital() -> None:
    text = "The capital of France is"
    (likeliest,) = model().names(model()(model().read(text)).logits[-1:].argmax(-1))
    assert likeliest == " Paris"


def test_later_tokens_change_nothing_and_texts_can_be_stacked() -> None:
    two = torch.stack([tokens[:20] for tokens in texts().values()])
    whole, part = model()(two), model()(two[:, :12])
    assert torch.allclose(whole.logits[:, :12], part.logits, atol=1e-3)
    assert torch.allclose(whole.weights[1], model()(two[1]).weights, atol=1e-5)


def test_weights_can_be_changed() -> None:
    tokens = texts()["repeated"]

    def silence(layer: int, weights: Tensor) -> Tensor:
        return weights * (layer != 18)

    run, changed = model()(tokens), model()(tokens, silence)
    assert torch.equal(changed.weights[:18], run.weights[:18])
    assert not changed.weights[18].any()
    assert (changed.logits - run.logits).abs().max() > 0.1


@pytest.mark.thorough
def test_outputs_of_heads_add_up_to_what_a_layer_adds(
    other: "transformers.LlamaForCausalLM",
) -> None:
    run = model()(texts()["code"])
    assert run.values.shape == (*run.weights.shape[:3], 64)
    outputs = run.weights @ run.values @ model().output_matrices()
    assert outputs.shape == (30, 9, len(texts()["code"]), 576)
    added: list[Tensor] = []
    attention = other.model.layers[7].self_attn
    hook = attention.register_forward_hook(lambda module, given, out: added.append(out[0][0]))
    other(texts()["code"][None])
    hook.remove()
    assert torch.allclose(outputs[7].sum(0), added[0], atol=1e-4)


def test_a_token_is_named_by_what_it_is_and_a_part_of_a_sign_by_its_bytes() -> None:
    assert model().names(model().read("A cup, é")) == ["A", " cup", ",", " é"]
    names = model().names(model().read("红杯子。"))
    told = b"".join(
        bytes.fromhex(name.strip("⟨⟩")) if name[0] == "⟨" else name.encode() for name in names
    )
    assert told.decode() == "红杯子。"
    assert any(name[0] == "⟨" for name in names)


def test_special_tokens_have_names_and_an_empty_text_has_no_tokens() -> None:
    assert model().names([0, 1]) == ["<|endoftext|>", "<|im_start|>"]
    empty = model().read("")
    assert (empty.shape, empty.dtype) == ((0,), torch.long)
    assert model().names(empty) == []


@pytest.mark.parametrize("load", [LanguageModel, PortugueseTranslator])
def test_who_lacks_the_library_of_tokens_is_told_the_command(
    load: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tokenizers", None)  # as if it were not installed
    command = r"`pip install 'tokenizers>=0.21'` installs it"
    with pytest.raises(
        ModuleNotFoundError, match=rf"^the library tokenizers, .* is missing; {command}$"
    ) as raised:
        load()
    assert raised.value.name == "tokenizers"
    assert raised.value.__suppress_context__, "one sentence, and no other error above it"
