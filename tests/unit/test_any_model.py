"""What models of the transformers library return is drawn as it is; here they are tiny."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers

from attncues import draw_heatmaps
from attncues.heatmaps.grid import Grid

ROOT = Path(__file__).parents[2]
SMALL: dict[str, Any] = {"num_hidden_layers": 2, "num_attention_heads": 4, "hidden_size": 16}
SEQ2SEQ: dict[str, Any] = {
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "d_model": 16,
    "encoder_ffn_dim": 16,
    "decoder_ffn_dim": 16,
    "vocab_size": 40,
}
TOKENS = torch.arange(2, 12).reshape(2, 5)
PADDING = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])


def made(config: Any, kind: Any) -> Any:
    torch.manual_seed(0)
    config._attn_implementation = "eager"
    return kind(config).eval()


@pytest.fixture(scope="module")
def encoder() -> Any:
    config = transformers.BertConfig(**SMALL, intermediate_size=16, vocab_size=40)
    return made(config, transformers.BertModel)


@pytest.fixture(scope="module")
def decoder() -> Any:
    config = transformers.LlamaConfig(
        **SMALL, num_key_value_heads=2, intermediate_size=16, vocab_size=40
    )
    return made(config, transformers.LlamaForCausalLM)


@pytest.fixture(scope="module")
def translator() -> Any:
    return made(transformers.BartConfig(**SEQ2SEQ), transformers.BartForConditionalGeneration)


def test_one_of_a_batch_is_drawn_without_its_padding(encoder: Any) -> None:
    attentions = encoder(TOKENS, attention_mask=PADDING, output_attentions=True).attentions
    grid = Grid.of(attentions, PADDING, 1)
    assert grid.values.shape == (2, 4, 5, 5)
    assert (grid.values[1] == attentions[1][1].detach().numpy()).all()
    assert grid.masked[..., 3:].all() and not grid.masked[..., :3].any()
    assert not Grid.of(attentions, PADDING, -2).masked.any()
    said = draw_heatmaps(attentions, batch=1, mask=PADDING, layer="mean", head=2).description
    assert "10 of 25 cells are masked" in said


def test_a_model_that_groups_its_queries_returns_a_map_for_each_head(decoder: Any) -> None:
    attentions = decoder(TOKENS[:1], output_attentions=True).attentions
    figure = draw_heatmaps(attentions, mask=torch.ones(5, 5).tril().bool())
    assert figure.description.startswith("2 by 4 heatmaps")


def test_the_steps_of_generation_are_joined_to_what_one_pass_returns(decoder: Any) -> None:
    written = decoder.generate(
        TOKENS[:1],
        max_new_tokens=4,
        min_new_tokens=4,
        do_sample=False,
        pad_token_id=0,
        output_attentions=True,
        return_dict_in_generate=True,
    )
    joined = Grid.of(written.attentions)
    whole = decoder(written.sequences[:, :-1], output_attentions=True).attentions
    expected = torch.cat(whole).detach().numpy()
    assert joined.values.shape == expected.shape == (2, 4, 8, 8)
    np.testing.assert_allclose(joined.values[~joined.masked], expected[~joined.masked], atol=1e-6)
    unseen = np.triu(np.ones((8, 8), dtype=bool), 1)
    unseen[:5, :5] = False  # the first step is the prompt, whose own mask the model has applied
    assert (joined.masked == unseen).all()


def test_where_a_translator_looks_at_each_step_is_one_map(translator: Any) -> None:
    written = translator.generate(
        TOKENS,
        max_new_tokens=4,
        min_new_tokens=4,
        num_beams=1,
        output_attentions=True,
        return_dict_in_generate=True,
    )
    grid = Grid.of(written.cross_attentions, batch=1)
    assert grid.values.shape == (2, 4, 4, 5)
    assert not grid.masked.any()
    last = written.cross_attentions[3][1][1, :, 0].numpy()
    assert (grid.values[1, :, 3] == last).all()
    names: Any = {"xticklabels": list("abcde"), "yticklabels": list("wxyz")}
    figure = draw_heatmaps(written.cross_attentions, batch=1, layer=-1, head="mean", **names)
    assert figure.description.startswith("One heatmap: 4 rows (Queries) by 5 columns (Keys)")
    with pytest.raises(ValueError, match="batch of 2"):
        draw_heatmaps(written.cross_attentions)


def test_the_patches_of_a_picture_are_drawn() -> None:
    config = transformers.ViTConfig(**SMALL, intermediate_size=16)
    attentions = made(config, transformers.ViTModel)(
        torch.zeros(1, 3, 224, 224), output_attentions=True
    ).attentions
    figure = draw_heatmaps(attentions)
    assert "2 by 4 heatmaps, each 197 rows (Queries) by 197 columns (Keys)" in figure.description


@pytest.mark.parametrize(
    ("batch", "error", "message"),
    [
        (None, ValueError, "batch of 2; choose one of it, such as the first with batch=0"),
        (2, ValueError, "no 2 in the batch: here are 2, counted from 0"),
        (True, TypeError, "batch must be a number, got True"),
        ("mean", TypeError, "batch must be a number, got 'mean'"),
    ],
)
def test_a_choice_of_a_batch_that_does_not_fit_is_named(
    encoder: Any, batch: Any, error: type[Exception], message: str
) -> None:
    attentions = encoder(TOKENS, output_attentions=True).attentions
    with pytest.raises(error, match=message):
        draw_heatmaps(attentions, batch=batch)


def test_a_choice_of_a_batch_where_there_is_none_is_named() -> None:
    with pytest.raises(ValueError, match=r"batch chooses of what a model.*are a Tensor"):
        draw_heatmaps(torch.eye(3), batch=0)


@pytest.mark.parametrize("edition", ["en", "zh"])
def test_what_the_reference_shows_runs_on_a_model(
    edition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / edition / "api-heatmaps.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```\{\.python\}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    drawn: list[Any] = []
    given = {
        "draw_heatmaps": lambda *args, **options: drawn.append(draw_heatmaps(*args, **options)),
        "texts": ["the red cup", "a book"],
        "name": "tiny",
        "tokenizer": Tokenizer(),
        "AutoModelForCausalLM": Tiny,
    }
    exec("\n".join(shown), given)
    assert [figure.description.split(".")[0] for figure in drawn] == [
        "One heatmap: 3 rows (Queries) by 3 columns (Keys)",
        "2 by 4 heatmaps, each 6 rows (Queries) by 6 columns (Keys)",
    ]


class Tokenizer:
    """Words as tokens, and what a tokenizer of the library returns of them."""

    def __call__(self, texts: list[str], **options: Any) -> "transformers.BatchEncoding":
        assert options == {"return_tensors": "pt", "padding": True}
        words = [text.split() for text in texts]
        most = max(map(len, words))
        mask = [[0] * (most - len(row)) + [1] * len(row) for row in words]
        ids = torch.arange(2, 2 + len(texts) * most).reshape(len(texts), most)
        return transformers.BatchEncoding({"input_ids": ids, "attention_mask": torch.tensor(mask)})

    def convert_ids_to_tokens(self, ids: torch.Tensor) -> list[str]:
        return [f"t{number}" for number in ids.tolist()]


class Tiny:
    @staticmethod
    def from_pretrained(name: str, **options: Any) -> Any:
        assert options == {"attn_implementation": "eager"}
        config = transformers.LlamaConfig(
            **SMALL, num_key_value_heads=2, intermediate_size=16, vocab_size=40, pad_token_id=0
        )
        return made(config, transformers.LlamaForCausalLM)
