"""Photos in templates, of the desk and of the readers' pages."""

from django import template

from .. import picture

register = template.Library()
register.simple_tag(picture.picture)
register.simple_tag(picture.preload)
