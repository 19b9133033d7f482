"""The page. Its libraries' telemetry is switched off before any of them is imported: the page calls nobody. And its server believes no header that names another
address as the caller's: whether a single sign-on proxy is trusted depends on the address it really calls from."""

import os

for _name, _value in {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "FORWARDED_ALLOW_IPS": "",
}.items():
    os.environ[_name] = _value
