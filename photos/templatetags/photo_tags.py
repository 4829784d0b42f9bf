"""Template tags for photos, at the desk and in public views."""

from django import template

from .. import html

register = template.Library()
register.simple_tag(html.picture_html, name="picture")
register.simple_tag(html.preload)
