PYTHON ?= python3
COURSE = $(PYTHON) -I helpers/bootstrap.py

.PHONY: lab test build bench lock
lab:   ; @$(COURSE) lab
test:  ; @$(COURSE) test
build: ; @$(COURSE) build
bench: ; @$(COURSE) bench
lock:  ; @$(COURSE) lock
