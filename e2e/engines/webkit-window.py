#!/usr/bin/python3
"""A window with WebKitGTK in it that WebKitWebDriver can start and drive.

Debian's own MiniBrowser keeps nothing when it is driven, writes no console messages down, and takes no proxy then. This
window keeps what a page keeps in a folder of its own, and has the size that it is given.

usage: webkit-window.py PROFILE PROXY
  PROFILE   folder for everything that is kept, downloads included
  PROXY     address that every request to another machine goes to
"""

import os
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2

profile, proxy = sys.argv[1:]

manager = WebKit2.WebsiteDataManager(base_data_directory=profile, base_cache_directory=profile)
manager.set_network_proxy_settings(
    WebKit2.NetworkProxyMode.CUSTOM, WebKit2.NetworkProxySettings.new(proxy, ["localhost"])
)
context = WebKit2.WebContext(website_data_manager=manager)
context.set_automation_allowed(True)

settings = WebKit2.Settings(enable_write_console_messages_to_stdout=True)


def show(_session):
    """The one view that the session drives, as large as its window."""
    view = WebKit2.WebView(web_context=context, settings=settings, is_controlled_by_automation=True)
    window = Gtk.Window(decorated=False, default_width=1280, default_height=720)
    window.add(view)
    window.show_all()
    view.connect("close", lambda _view: Gtk.main_quit())
    return view


def start(_context, session):
    info = WebKit2.ApplicationInfo()
    info.set_name("WebKitGTK")
    info.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version())
    session.set_application_info(info)
    session.connect("create-web-view", show)


def save(_context, download):
    """Under its final name as soon as it is whole."""
    target = {}

    def decide(download, name):
        target["path"] = os.path.join(profile, "downloads", name)
        download.set_destination(GLib.filename_to_uri(target["path"] + ".part"))
        return True

    download.connect("decide-destination", decide)
    download.connect("finished", lambda _download: os.rename(target["path"] + ".part", target["path"]))


os.makedirs(os.path.join(profile, "downloads"))
context.connect("automation-started", start)
context.connect("download-started", save)
Gtk.main()
