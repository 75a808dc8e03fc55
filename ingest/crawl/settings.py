def safe_settings(plan): return {"TELNETCONSOLE_ENABLED": False, "HTTPERROR_ALLOW_ALL": True, "HTTPPROXY_ENABLED": False, "LOG_ENABLED": False}
