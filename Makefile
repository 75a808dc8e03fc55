# Everything happens in .venv; nothing outside of this folder is changed but
# pip's cache and ~/.cache/guidang (the OCR model folders, made on first use).
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
DEMO := build/demo-archive
OPENCV := opencv-contrib-python-headless==4.14.0.94

.PHONY: install dev demo test test-long lint docs accuracy worst speed profile samples pictures constraints nights crawl-kills mutations hostile-batch poison-batch ingest-kills worker-kills fault-sweep power-cuts clean

install: $(VENV)/.installed ## leave .venv/bin/guidang

dev: $(VENV)/.dev ## the same, with the tools for tests

demo: install ## ingest the samples, then one search and one query
	rm -rf $(DEMO)
	@echo "— reading samples/ into $(DEMO); five broken files in it are meant to fail —"
	$(BIN)/guidang ingest samples --archive $(DEMO) || test $$? -eq 3
	@echo; echo "— guidang search 复议 —"
	$(BIN)/guidang search 复议 --limit 5 --archive $(DEMO)
	@echo; echo "— guidang facts: reports that received more than 100 requests —"
	$(BIN)/guidang facts --table requests --row new --column total --where 'value>100' --archive $(DEMO)

test: lint ## the default suite
	$(BIN)/pytest -m "not long" -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test-long: dev ## everything, the long checks too
	$(BIN)/pytest

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: dev ## the tables of docs/operations.md anew, from the program
	$(BIN)/python -m tests.support.operations_tables

accuracy: dev ## compare every value of the samples with its truth
	$(BIN)/python -m bench.accuracy.run

speed: dev ## CPU seconds a page beside other tools and the lower bound, then stage by stage (40 minutes; a quiet machine)
	$(BIN)/python -m bench.speed.side_by_side
	$(BIN)/python -m bench.speed.stages

profile: dev ## a flame graph of reading scans: build/profile.svg (SCANS=… for others than those of samples/)
	mkdir -p build
	$(BIN)/py-spy record --rate 200 --format flamegraph --output build/profile.svg -- $(BIN)/python -m bench.speed.stages $(SCANS)

nights: dev ## three nights over an invented county on loopback: what is found, asked and told
	$(BIN)/python -m bench.demo.nights

poison-batch: dev ## 20 documents that kill their readers among 500 good ones (about 3 minutes)
	$(BIN)/python -m tests.faults.poison_batch 500 20 0.3 2

crawl-kills: dev ## kill a crawl 100 times; its archive must be that of one left in peace (about 10 minutes)
	$(BIN)/python -m tests.faults.crawl_kills

hostile-batch: dev ## 96 bombs and odd files in one batch under strace: a status for each, no program, no connection (3 minutes)
	$(BIN)/python -m tests.faults.hostile_batch

mutations: dev ## read 5,000 damaged copies of the samples; goes on where it was stopped (hours)
	$(BIN)/python -m tests.faults.mutations

ingest-kills: dev ## kill a batch 1,000 times over 1,000 tiny documents, 50 times with the real engine
	$(BIN)/python -m tests.faults.ingest_kills
	$(BIN)/python -m tests.faults.ingest_kills --real --kills 50

worker-kills: dev ## kill two workers of a PostgreSQL 200 times, restart the server under them, let one die for good
	$(BIN)/python -m tests.faults.worker_kills
	$(BIN)/python -m tests.faults.worker_kills --kills 5 --documents 60 --restart
	$(BIN)/python -m tests.faults.worker_kills --kills 1 --documents 60 --alone

fault-sweep: dev ## fail each system call of one ingest in turn, with strace (about 20 minutes)
	$(BIN)/python -m tests.faults.fault_sweep
	$(BIN)/python -m tests.faults.fault_sweep --children

power-cuts: dev ## cut the power of a modelled disk at each fsync of one ingest (about 3 minutes)
	$(BIN)/python -m tests.faults.power_cuts

worst: dev ## docs/worst.md anew: the worst pages of the run whose archive ARCHIVE names
	$(BIN)/python -m bench.accuracy.worst --archive $(ARCHIVE)

samples: dev ## set and scan the samples anew (needs the fonts named in samples/README.md)
	$(BIN)/python -m samples.generator.make

pictures: dev ## make docs/pictures/ anew: real commands over the samples, a scan with its boxes
	$(BIN)/python -m bench.demo.pictures
	DOCS_PICTURES=1 $(BIN)/pytest -q tests/web/test_browser_pictures.py

$(VENV)/.pip:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	touch $@

# paddlex, camelot and rapidocr each ask for another build of the same cv2. The
# last step puts one over them all that needs no libGL (docs/decisions/0003).
$(VENV)/.installed: $(VENV)/.pip pyproject.toml constraints.txt
	PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --constraint constraints.txt --editable .
	$(BIN)/pip install --quiet --force-reinstall --no-deps $(OPENCV)
	touch $@

$(VENV)/.dev: $(VENV)/.installed
	PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

constraints: dev ## pin what is installed now
	(sed -n 1p constraints.txt; $(BIN)/pip freeze --exclude-editable | grep -vE '^(#|-e|guidang|opencv)'; \
	  grep '^opencv' constraints.txt) > constraints.new && mv constraints.new constraints.txt

clean:
	rm -rf $(VENV) build *.egg-info
