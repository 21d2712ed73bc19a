import pytest


@pytest.fixture
def figure_of(monkeypatch):
    """Draws with a function of a module of plots into a PNG, and returns the figure that was written."""

    def draw(module, write, path, *what, **more):
        figures = []
        write_figure = module.write_figure

        def keep(figure, path):
            figures.append(figure)
            write_figure(figure, path)

        with monkeypatch.context() as patched:
            patched.setattr(module, "write_figure", keep)
            write(path, *what, **more)
        assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        return figures[0]

    return draw
