"""JSON with holes."""

import json
import random

from pydantic_core import to_json

from openai_sandbox.wire.ids import Ids
from openai_sandbox.wire.template import IdStandIns, StandIns, Template


def test_a_template_is_what_was_written_with_other_values() -> None:
    stand_ins = StandIns()
    id, count = stand_ins.text(), stand_ins.number()
    template = Template(to_json({"id": id, "note": '100 % of "%s", é', "counts": [count, 7], "again": {"id": id}}))
    filled = json.loads(template.fill([b"resp_1", b"12"]))
    assert filled == {"id": "resp_1", "note": '100 % of "%s", é', "counts": [12, 7], "again": {"id": "resp_1"}}


def test_a_template_without_holes_and_one_with_a_single_hole_are_filled_too() -> None:
    assert Template(b"{}").fill([]) == b"{}"
    assert Template(to_json([StandIns().number()])).fill([b"3"]) == b"[3]"


def test_stand_ins_draw_the_ids_that_would_have_been_drawn_at_once() -> None:
    def draw(ids: Ids) -> list[str]:
        return [ids.hex("resp"), ids.alphanumeric("call", 24, "_"), ids.encrypted(), ids.hex("req", 32)]

    later = IdStandIns(StandIns())
    stand_ins = draw(later)
    ids = Ids(random.Random(5))
    assert len(set(stand_ins)) == 4
    assert [made(ids) for made in later.draws] == draw(Ids(random.Random(5)))
