"""Every page of a site states its rule, and nothing is served when one does not."""

import types

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import include, path
from django.views.generic import TemplateView, View

from portal.access import checks
from portal.access.levels import Access, Rule
from portal.access.pages import SitePage


class Good(SitePage):
    rule = Rule.MEMBER


class WithoutRule(SitePage):
    pass


class UnknownRule(SitePage):
    rule = "adherents.nothing"


class AsksNothing(SitePage):
    rule = "adherents.profile"
    asks = Access.NONE


class OwnDispatch(SitePage):
    rule = Rule.MEMBER

    def dispatch(self, request, *args, **kwargs):
        return View.dispatch(self, request, *args, **kwargs)


def urlconf(*patterns):
    module = types.ModuleType("urls_of_a_test")
    module.urlpatterns = list(patterns)
    return module


def site_urls(view):
    return urlconf(path("sites/<cibtp:cibtp_id>/", include([path("page/", view)])))


def test_the_portal_itself_has_no_page_without_a_rule():
    assert checks.faults() == []


def test_a_page_with_a_rule_passes():
    assert checks.faults(site_urls(Good.as_view())) == []


@pytest.mark.parametrize("view", [WithoutRule, UnknownRule, AsksNothing, OwnDispatch, TemplateView])
def test_a_page_without_a_known_rule_is_a_fault(view):
    found = checks.faults(site_urls(view.as_view()))
    assert len(found) == 1
    assert found[0].startswith("sites/<cibtp:cibtp_id>/page/ ")


def test_a_site_taken_outside_the_prefix_is_a_fault():
    assert checks.faults(urlconf(path("ailleurs/<cibtp:cibtp_id>/", Good.as_view())))


def test_a_page_without_a_rule_refuses_to_start(monkeypatch):
    monkeypatch.setattr(checks, "faults", lambda urlconf=None: ["sites/x/ states no known rule"])
    with pytest.raises(ImproperlyConfigured, match="does not start"):
        checks.refuse_to_start_without_rules()
