"""Measure how code is laid out: files, models, methods, names, lengths."""

import ast
import collections
import statistics

MAX_FILE_LINES = 350
MAX_FUNCTION_LINES = 40
MODELS_OF = "tiktok_leadgen"  # the addon whose model files are counted


def measure_layout(sources):
    """Measure files, models and names of the product, and lengths of all Python.

    :param list sources: of `dev.lint.sources`
    :return: by key: the figure and its findings
    :rtype: dict[str, tuple[float, list[str]]]
    """
    product = [source for source in sources if source.is_product]
    model_files = [source.name for source in product if _is_model_file(source)]
    lengths = [length for source in sources for length in _long_functions(source)]
    long_files = [
        f"{source.name}: {len(source.text.splitlines())} lines"
        for source in sources
        if source.name.endswith((".py", ".js")) and len(source.text.splitlines()) > MAX_FILE_LINES
    ]
    return {
        "model_files": (len(model_files), model_files),
        **_measure_models(product),
        "name_length": _measure_names(product),
        "long_files": (len(long_files), long_files),
        "long_functions": (len(lengths), lengths),
    }


def _is_model_file(source):
    inside = source.parts[1:]
    return source.addon == MODELS_OF and inside[0] == "models" and inside[-1] != "__init__.py"


def _measure_models(product):
    spread = collections.defaultdict(set)
    methods = collections.defaultdict(list)
    one_word, private = [], 0
    for source, model, node in _model_classes(product):
        spread[source.addon, model].add(source.name)
        for method in node.body:
            if not isinstance(method, ast.FunctionDef):
                continue
            where = f"{source.name}:{method.lineno}"
            methods[source.addon, model, method.name].append(where)
            if method.name.startswith("_") and not method.name.startswith("__"):
                private += 1
                if "_" not in method.name.strip("_"):
                    one_word.append(f"{where}: {model}.{method.name}")
    widest = sorted(spread.items(), key=lambda item: -len(item[1]))
    twice = [(key, places) for key, places in sorted(methods.items()) if len(places) > 1]
    return {
        "model_spread": (
            max(map(len, spread.values()), default=0),
            [f"{model} of {addon}: {len(names)} files" for (addon, model), names in widest],
        ),
        "redefined": (
            len(twice),
            [f"{model}.{name}: {', '.join(places)}" for (_, model, name), places in twice],
        ),
        "one_word": (100 * len(one_word) / private if private else 0, one_word),
    }


def _model_classes(product):
    """Yield each class that defines or extends a model, with the model's name."""
    for source in product:
        for node in source.tree.body:
            if isinstance(node, ast.ClassDef) and (model := _model_of(node)):
                yield source, model, node


def _model_of(node):
    values = {
        target.id: statement.value
        for statement in node.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    for key in ("_name", "_inherit"):
        value = values.get(key)
        if isinstance(value, ast.List) and len(value.elts) == 1:
            value = value.elts[0]
        if isinstance(value, ast.Constant) and value.value:
            return value.value
    return None


def _measure_names(product):
    found = [
        (len(node.name.strip("_")), f"{source.name}:{node.lineno}: {node.name}")
        for source in product
        for node in source.functions
        if not node.name.startswith("__")
    ]
    median = statistics.median(length for length, _ in found) if found else 0
    return median, [where for length, where in sorted(found) if length < median]


def _long_functions(source):
    if not source.name.endswith(".py"):
        return []
    sizes = [(node, node.end_lineno - node.lineno + 1) for node in source.functions]
    return [
        f"{source.name}:{node.lineno}: {node.name} has {size} lines"
        for node, size in sizes
        if size > MAX_FUNCTION_LINES
    ]
