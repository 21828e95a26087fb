"""The budget: what is planned, committed, billed and paid, and what a place costs."""

import csv
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programmes.budget import domain
from programmes.budget.chart import LENGTH, group_of, groups_of
from programmes.budget.models import BudgetLine
from programmes.budget.summary import Figures, summary_of
from programmes.cycles.models import ParticipantRole
from programmes.cycles.registries import copied_on_new_cycle
from programmes.suppliers.frame import navigation_items
from programmes.suppliers.models import Category
from tests import factories as make
from tests.browser.visitor import pdf_text
from tests.programmes.billing.makers import make_draft, make_issued, make_storno, taxed_line
from tests.programmes.events.makers import make_event
from tests.programmes.payments.makers import make_payment
from tests.programmes.suppliers.makers import make_commission, make_invoice, make_speaker


@pytest.fixture
def url(stage):
    def page(name, *args):
        return reverse(f"budget:{name}", args=[stage.cycle.pk, *args])

    return page


def plan(cycle, planned, category=Category.CATERING, **fields):
    fields.setdefault("label", "Mittagessen")
    return BudgetLine.objects.create(
        cycle=cycle, category=category, planned=Decimal(planned), **fields
    )


def text_of(response):
    return response.content.decode()


def amounts(figures):
    return [
        int(getattr(figures, name))
        for name in ("planned", "committed", "billed", "paid", "expected", "free")
    ]


@pytest.fixture
def spent(stage):
    """An event with catering beyond its plan and a speaker, and something for no event."""
    event = make_event(stage.cycle, title="Startworkshop")
    plan(stage.cycle, 500, event=event)
    lunch = make_commission(stage.cycle, event=event, fee=Decimal(600))
    make_invoice(stage.cycle, commission=lunch, event=event, amount=Decimal(200), state="paid")
    make_invoice(stage.cycle, commission=lunch, event=event, amount=Decimal(450))
    make_invoice(stage.cycle, commission=lunch, event=event, amount=9999, state="rejected")
    speaker = make_speaker(stage.programme)
    talk = {"speaker": speaker, "event": event}
    make_commission(stage.cycle, **talk, fee=Decimal(800), travel_costs=Decimal(100))
    make_commission(stage.cycle, **talk, fee=Decimal(7777), state="asked")
    make_commission(stage.cycle, **talk, fee=Decimal(7777), state="cancelled")
    plan(stage.cycle, 2000, Category.MATERIAL)
    make_invoice(stage.cycle, category=Category.MATERIAL, amount=Decimal(50), state="approved")
    return stage.cycle


def test_each_figure_counts_what_it_says(spent, cast):
    found = summary_of(spent, cast.user("member"))
    workshop, other = found.rows
    figures = dict(workshop.by_category)
    assert amounts(figures[Category.CATERING]) == [500, 600, 650, 200, 650, -150]
    assert amounts(figures[Category.SPEAKER]) == [0, 900, 0, 0, 900, -900]
    assert other.label == "ohne Veranstaltung"
    assert amounts(other.total) == [2000, 0, 50, 0, 50, 1950]
    assert amounts(found.total) == [2500, 1500, 700, 200, 1600, 900]
    assert [kind for kind, _ in found.by_category] == ["speaker", "catering", "material"]
    assert found.warnings == [
        "Startworkshop, Referent/in: 900,00 € ohne Planansatz.",
        "Startworkshop, Catering: 150,00 € über dem Plan von 500,00 €.",
    ]


def test_a_plan_of_nought_is_a_plan(stage, cast):
    plan(stage.cycle, 0)
    make_invoice(stage.cycle, amount=Decimal(50))
    found = summary_of(stage.cycle, cast.user("member"))
    assert found.warnings == [
        "Insgesamt: 50,00 € über dem Plan von 0,00 €.",
        "ohne Veranstaltung, Catering: 50,00 € über dem Plan von 0,00 €.",
    ]
    assert found.total.verdict == "50,00 € über dem Plan"
    assert [bar.over for bar in group_of("x", found.total).bars] == [0, 0, LENGTH, 0]


def test_navigation_and_trail_have_one_word_for_all_views(stage, client_of, url):
    answer = client_of("lead").get(url("budget"))
    assert "Ausgaben" in [crumb.label for crumb in answer.context["breadcrumbs"]]
    [entry] = [item for item in navigation_items(answer.wsgi_request) if item.label == "Ausgaben"]
    assert entry.url == url("budget")


def test_what_a_place_really_costs(spent, stage, cast):
    user = cast.user("member")
    assert summary_of(spent, user).place.mentees == 1
    for _ in range(2):
        make.make_participant(spent, stage.own, ParticipantRole.MENTEE)
    make.make_participant(spent, stage.own, ParticipantRole.MENTEE, left_on=timezone.localdate())
    place = summary_of(spent, user).place
    assert (place.mentees, place.fee) == (3, 500)
    assert (place.committed, place.billed) == (500, Decimal("233.33"))
    assert place.verdict == (
        "Ein Platz kostet voraussichtlich 533,33 €. Die Gebühr von 500,00 € deckt das nicht: es "
        "fehlen 33,33 € je Mentee. Wird auch ausgegeben, was noch geplant ist, sind es 1.183,33 €."
    )


def test_nothing_is_said_of_a_place_before_there_is_a_figure(stage, cast):
    assert "deckt" not in summary_of(stage.cycle, cast.user("member")).place.verdict


def test_fees_billed_and_received(stage, cast):
    first = make_issued(stage.cycle, stage.own)
    taxed = make_issued(stage.cycle, stage.own, lines=[taxed_line("100.00")])
    make_storno(make_issued(stage.cycle, stage.other))
    make_draft(stage.cycle, stage.other)
    make_payment(first, "300.00")
    make_invoice(stage.cycle, amount=Decimal(400))
    found = summary_of(stage.cycle, cast.user("member"))
    # The tax is passed on: it pays for nothing.
    assert taxed.gross == 119
    assert (found.fees_billed, found.fees_received, found.balance) == (1100, 300, 700)


def test_the_page_says_it_as_table_bars_and_words(spent, client_of, url):
    page = text_of(client_of("member").get(url("budget")))
    assert "150,00 € über dem Plan von 500,00 €" in page
    assert "je Mentee" in page
    assert page.count("<svg") > 8
    assert "style=" not in page
    assert url("create") not in page, "a member does not plan"
    assert url("create") in text_of(client_of("logistics").get(url("budget")))


def test_the_bars_show_what_goes_beyond_the_plan():
    [within, over] = groups_of(
        [
            _Row("drin", Figures(planned=Decimal(1000), billed=Decimal(250), has_plan=True)),
            _Row(
                "drüber",
                Figures(
                    planned=Decimal(500),
                    billed=Decimal(750),
                    expected=Decimal(750),
                    has_plan=True,
                ),
            ),
        ]
    )
    assert (within.plan, over.plan) == (LENGTH, LENGTH // 2)
    assert [(bar.within, bar.over) for bar in within.bars] == [(1000, 0), (0, 0), (250, 0), (0, 0)]
    assert [(bar.within, bar.over) for bar in over.bars] == [(500, 0), (0, 0), (500, 250), (0, 0)]
    assert over.is_over
    assert group_of("leer", Figures()).plan is None, "nothing is divided by nought"


class _Row:
    def __init__(self, label, total):
        self.label, self.total = label, total


def test_the_files_have_the_same_figures(spent, client_of, url):
    browser = client_of("lead")
    answer = browser.get(url("budget"), {"export": "csv"})
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert table[1][:4] == ["Startworkshop", "Referent/in", "0,00", "900,00"]
    assert table[-1][0] == "Insgesamt"
    data = browser.get(url("budget"), {"export": "xlsx"}).content
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet[sheet.max_row]][2:] == [2500, 1500, 700, 200, 1600, 900]
    assert "Startworkshop" in pdf_text(browser.get(url("budget"), {"export": "pdf"}).content)


def test_a_line_is_planned_changed_and_deleted(stage, client_of, url):
    browser = client_of("logistics")
    form = {"label": "Raum", "category": "room", "planned": "1.500,00"}
    browser.post(url("create"), form)
    line = BudgetLine.objects.get()
    assert line.planned == 1500
    page = browser.get(url("change", line.pk))
    assert 'value="1.500,00"' in text_of(page)
    form |= {"planned": "1.600", "_version": page.context["form"].version_token}
    browser.post(url("change", line.pk), form)
    line.refresh_from_db()
    assert line.planned == 1600
    stale = browser.post(url("change", line.pk), form | {"planned": "9"})
    assert "jemand anderes" in text_of(stale)
    browser.post(url("delete", line.pk))
    assert not BudgetLine.objects.exists()
    answer = browser.post(url("create"), {**form, "planned": "-1"})
    assert "nicht negativ" in str(answer.context["form"].errors["planned"])


def test_a_new_cycle_takes_the_plan_over(stage, cast):
    event = make_event(stage.cycle, title="Startworkshop")
    plan(stage.cycle, 500, event=event)
    new = make.make_cycle(stage.programme)
    copied_on_new_cycle.get("budget").copy(stage.cycle, new, cast.user("permanent"))
    line = BudgetLine.objects.get(cycle=new)
    assert (line.label, line.planned, line.event) == ("Startworkshop: Mittagessen", 500, None)


def test_an_empty_budget_says_what_to_do(client_of, url):
    assert "Planansatz anlegen" in text_of(client_of("lead").get(url("budget")))
    page = text_of(client_of("member").get(url("budget")))
    assert "Noch nichts geplant" in page
    assert re.search(r"Den Kommunen in Rechnung gestellt, netto</dt><dd[^>]*>0,00 €", page)


def test_as_many_queries_for_twenty_events(stage, client_of, url):
    browser = client_of("lead")

    def fill(number):
        for _ in range(number):
            event = make_event(stage.cycle)
            plan(stage.cycle, 10, event=event)
            row = make_commission(stage.cycle, event=event)
            make_invoice(stage.cycle, event=event, commission=row)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert browser.get(url("budget")).status_code == 200
        return len(found)

    browser.get(url("budget"))
    fill(1)
    one = queries()
    fill(19)
    assert queries() == one


def test_nothing_is_planned_in_a_closed_cycle(stage, cast):
    line = plan(make.make_cycle(stage.programme, state="closed"), 5)
    with pytest.raises(Exception, match="abgeschlossen"):
        domain.delete(line, by=cast.user("lead"))
