"""The name under which an authenticator lists an account's codes."""


def issuer(device: object) -> str:
    """Return the site's title in the language of the page; read before the apps are loaded."""
    from django.contrib import admin

    return str(admin.site.site_title)
