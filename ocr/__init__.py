import os

# Unless told otherwise before it is loaded, onnxruntime sends usage data to its maker and leaves a device id
# in ~/.cache. An archive tells nobody what it reads.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
