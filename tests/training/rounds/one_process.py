"""A cluster whose actors live in this process, and die when they are told to."""

from embedkit.errors import WorkerDiedError


class Value:
    """What a call returned or raised."""

    def __init__(self, function, *args):
        self.error = self.value = None
        try:
            self.value = function(*(arg.result() if isinstance(arg, Value) else arg for arg in args))
        except Exception as error:
            self.error = error

    def result(self):
        if self.error:
            raise self.error
        return self.value


class OneProcess:
    """Actors are called at once; `dies(place, method, calls)` says whether one dies before a call.

    `calls` counts those of this method on this place.
    """

    full = False
    told = "one process"

    def __init__(self, workers, dies=lambda place, method, calls: False):
        self.workers, self.dies, self.deaths, self.actors = workers, dies, 0, []
        self.actor_cores = [1 + place % 2 for place in range(workers)]

    def check_alike(self):
        """This process is."""

    def check_visible(self, paths):
        assert all(path.exists() for path in paths)

    def actor(self, made, *args):
        self.actors.append(actor := OneActor(self, len(self.actors) % self.workers, made(*args)))
        return actor

    def put(self, value):
        return Value(lambda: value)

    def wait(self, references, timeout):
        """All that newcomers are asked for; there are none where `full` is true."""
        return [] if self.full else references

    def get(self, references):
        return [reference.result() for reference in references]


class OneActor:
    def __init__(self, cluster, place, made):
        self.cluster, self.place, self.made, self.calls = cluster, place, made, {}

    def call(self, method, *args):
        return Value(self._call, method, *args)

    def call_parts(self, method, parts, *args):
        made = Value(self._call, method, *args)
        return [Value(lambda i=i: made.result()[i]) for i in range(parts)]

    def _call(self, method, *args):
        self.calls[method] = self.calls.get(method, 0) + 1
        if self.made and self.cluster.dies(self.place, method, self.calls[method]):
            self.made, self.cluster.deaths = None, self.cluster.deaths + 1
        if self.made is None:
            raise WorkerDiedError("it died")
        return getattr(self.made, method)(*args)

    def close(self):
        self.made = None
