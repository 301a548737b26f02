"""What a browser makes of a page: its elements with their attributes, and its texts, each below the tags it stands in.

With html5lib the page has to parse without a single error; without it Python's own parser is asked.
"""

import json
import sys


def walk(node, above, elements, texts):
    name = node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else "comment"
    elements.append([name, dict(sorted((str(key), value) for key, value in node.attrib.items()))])
    path = above + [name]
    if node.text:
        texts.append([path, node.text])
    for child in node:
        walk(child, path, elements, texts)
        if child.tail:
            texts.append([path, child.tail])


def by_html5lib(page):
    import html5lib

    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=True)
    elements, texts = [], []
    walk(parser.parse(page), [], elements, texts)
    return elements, texts


def by_python(page):
    from html.parser import HTMLParser

    void = {"meta", "br", "img"}
    elements, texts, above = [], [], []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            elements.append([tag, dict(sorted(attrs))])
            if tag not in void:
                above.append(tag)

        def handle_startendtag(self, tag, attrs):
            elements.append([tag, dict(sorted(attrs))])

        def handle_endtag(self, tag):
            assert above.pop() == tag, tag

        def handle_data(self, data):
            texts.append([list(above), data])

    reader = Reader(convert_charrefs=True)
    reader.feed(page)
    reader.close()
    assert not above, above
    return elements, texts


with open(sys.argv[1], encoding="utf-8", newline="") as file:
    page = file.read()
try:
    elements, texts = by_html5lib(page)
except ImportError:
    elements, texts = by_python(page)
json.dump({"elements": elements, "texts": texts}, sys.stdout)
