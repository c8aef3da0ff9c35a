# Every target is one line that calls dev/: read there.
PY ?= python3
.PHONY: demo test lint bench faults pot screenshots stop clean

demo: ; @$(PY) -m dev demo $(ARGS)
test: ; @$(PY) -m dev test $(ARGS)
lint: ; @$(PY) -m dev lint $(ARGS)
bench: ; @$(PY) -m dev bench $(ARGS)
faults: ; @$(PY) -m dev bench faults $(ARGS)
pot: ; @$(PY) -m dev pot $(ARGS)
screenshots: ; @$(PY) -m dev screenshots $(ARGS)
stop: ; @$(PY) -m dev stop
clean: ; @$(PY) -m dev clean
