#!/usr/bin/env python3
"""Writes src/Protocol/Catalogue/models.json: facts about models from the research files in a folder, and the corrections below.

    eng/catalogue.py [FOLDER]      FOLDER: ../shared/data/families (families.json, shapes.json, prices.json)

Facts keep their sources. What is not known is left out. SOURCE.md beside the result says what the sources are.
"""
import json, re, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared/data/families"
FAMILIES, SHAPES, PRICES = (json.loads((FOLDER / f"{name}.json").read_text()) for name in ("families", "shapes", "prices"))
ROWS = {row["id"]: row for row in FAMILIES["families"]}
MEMORY = "mem"

# The server that a host is called by in a configuration.
HOSTS = {"together_ai": "together", "togetherai": "together", "fireworks-ai": "fireworks", "google": "gemini", "x-ai": "xai", "moonshotai": "moonshot",
         "zai": "z.ai", "dashscope": "alibaba", "novita-ai": "novita", "bedrock_converse": "bedrock", "bedrock_mantle": "bedrock", "azure_ai": "azure"}
PRICE_SOURCES = {"litellm": ("ll", "2026-08-01"), "openrouter": ("or", "2026-08-01"), "models.dev": ("md", "2026-07-02"), "genai-prices": ("gp", "2026-08-21")}
VENDORS = {"Alibaba (Qwen)": "Alibaba", "Zhipu / Z.ai": "Z.ai", "Swiss AI (EPFL, ETH Zurich, CSCS)": "Swiss AI"}


def model(id, name, row, names=(), **facts):
    return {"id": id, "name": name, "row": row, "names": list(names), "facts": facts}


def fact(value, source, note=None, unverified=False):
    made = {"value": value, "source": source}
    if note: made["note"] = note
    if unverified or source == MEMORY: made["unverified"] = True
    return made


def size(total, active=None, source=MEMORY):
    return fact({"total": round(total * 1e9), "active": round((active or total) * 1e9)}, source)


def retired(date, successor, source, note):
    return fact({"date": date, "successor": successor}, source, note)


OPEN_RETIRED = "retired at its maker's own API; the weights stay with other hosts"
Q3, GLM, K2, V, M2, OSS = "qwen3-30b-a3b", "glm-4.5", "kimi-k2", "deepseek-v3", "minimax-m2-m3", "gpt-oss"
NONE = None  # A fact that holds for another model of the family, and is not known of this one.

# Every model: its row of families.json, further names that it goes by, and the facts that differ from the row's. "shape" names a row of shapes.json.
MODELS = [
    model("qwen3-0.6b", "Qwen3 0.6B", Q3, shape="Qwen/Qwen3-0.6B", parameters=size(0.6), tools="hermes_json"),
    model("qwen3-1.7b", "Qwen3 1.7B", Q3, shape="Qwen/Qwen3-1.7B", parameters=size(1.7)),
    model("qwen3-8b", "Qwen3 8B", Q3, shape="Qwen/Qwen3-8B", parameters=size(8.2)),
    model("qwen3-32b", "Qwen3 32B", Q3, shape="Qwen/Qwen3-32B", parameters=size(32.8)),
    model("qwen3-30b-a3b", "Qwen3 30B-A3B", Q3, shape="Qwen/Qwen3-30B-A3B", parameters=size(30.5, 3.3)),
    model("qwen3-30b-a3b-instruct-2507", "Qwen3 30B-A3B Instruct 2507", Q3, shape="Qwen/Qwen3-30B-A3B", context=fact(262144, "or"), released=fact("2025-07-29", MEMORY), parameters=size(30.5, 3.3)),
    model("qwen3-30b-a3b-thinking-2507", "Qwen3 30B-A3B Thinking 2507", Q3, shape="Qwen/Qwen3-30B-A3B", context=fact(262144, MEMORY), released=fact("2025-07-30", MEMORY), parameters=size(30.5, 3.3)),
    model("qwen3-235b-a22b", "Qwen3 235B-A22B", "qwen3-235b-a22b", shape="Qwen/Qwen3-235B-A22B"),
    model("qwen3-235b-a22b-instruct-2507", "Qwen3 235B-A22B Instruct 2507", "qwen3-235b-a22b", ["qwen3-235b-a22b-2507"], shape="Qwen/Qwen3-235B-A22B", context=fact(262144, "or"), released=fact("2025-07-21", MEMORY)),
    model("qwen3-235b-a22b-thinking-2507", "Qwen3 235B-A22B Thinking 2507", "qwen3-235b-a22b", shape="Qwen/Qwen3-235B-A22B", context=fact(262144, "or"), released=fact("2025-07-25", MEMORY)),
    model("qwen3-coder-480b-a35b", "Qwen3-Coder 480B-A35B", "qwen3-coder-480b-a35b", ["qwen3-coder-480b-a35b-instruct", "qwen3-coder"], shape="Qwen/Qwen3-Coder-480B-A35B-Instruct"),
    model("qwq-32b", "QwQ 32B", "qwq-32b"),
    model("qwen3.5-27b", "Qwen3.5 27B", "qwen3.6-27b", shape="Qwen/Qwen3.5-27B", licence=fact("Apache-2.0", MEMORY), parameters=size(27, 27, "aic"), released=NONE),
    model("qwen3.5-35b-a3b", "Qwen3.5 35B-A3B", "qwen3.6-35b-a3b", shape="Qwen/Qwen3.5-35B-A3B", licence=fact("Apache-2.0", MEMORY), parameters=size(35, 3, "aic"), released=NONE),
    model("qwen3.5-122b-a10b", "Qwen3.5 122B-A10B", "qwen3.6-35b-a3b", shape="Qwen/Qwen3.5-122B-A10B", licence=fact("Apache-2.0", MEMORY), parameters=size(122, 10, "aic"), released=NONE),
    model("qwen3.5-397b-a17b", "Qwen3.5 397B-A17B", "qwen3.6-35b-a3b", shape="Qwen/Qwen3.5-397B-A17B", licence=fact("Apache-2.0", MEMORY), parameters=size(397, 17, "aic"), released=NONE),
    model("qwen3.6-27b", "Qwen3.6 27B", "qwen3.6-27b", shape="nvidia/Qwen3.6-27B-NVFP4"),
    model("qwen3.6-35b-a3b", "Qwen3.6 35B-A3B", "qwen3.6-35b-a3b", shape="nvidia/Qwen3.6-35B-A3B-NVFP4"),
    model("glm-4.5", "GLM-4.5", GLM, parameters=size(355, 32)),
    model("glm-4.5-air", "GLM-4.5 Air", GLM, parameters=size(106, 12), shape=NONE),
    model("glm-4.6", "GLM-4.6", GLM, context=fact(200000, MEMORY), released=fact("2025-09-30", MEMORY), licence=fact("MIT", MEMORY), parameters=size(355, 32), retirement=NONE, own_shape=False),
    model("glm-4.7", "GLM-4.7", GLM, context=NONE, released=NONE, licence=fact("MIT", MEMORY), parameters=size(355, 32), retirement=NONE, own_shape=False),
    model("glm-5.2", "GLM-5.2", "glm-5.2", ["glm-5p2"], shape="zai-org/GLM-5.2"),
    model("glm-5.3", "GLM-5.3", "glm-5.2", shape=NONE, parameters=NONE, context=NONE, released=NONE, licence=NONE),
    model("kimi-k2-instruct", "Kimi K2 Instruct", K2, ["kimi-k2", "kimi-k2-0711-preview", "kimi-k2-instruct-0711"], shape="moonshotai/Kimi-K2-Instruct", context=fact(131072, "aic"), parameters=size(1000, 32), retirement=retired("2026-05-25", "kimi-k2.6", "ll", OPEN_RETIRED)),
    model("kimi-k2-instruct-0905", "Kimi K2 Instruct 0905", K2, ["kimi-k2-0905", "kimi-k2-0905-preview"], shape="moonshotai/Kimi-K2-Instruct", context=fact(262144, "aic"), released=fact("2025-09-05", MEMORY), parameters=size(1000, 32), retirement=retired("2026-05-25", "kimi-k2.6", "ll", OPEN_RETIRED)),
    model("kimi-k2-thinking", "Kimi K2 Thinking", K2, shape="moonshotai/Kimi-K2-Instruct", context=fact(262144, "aic"), released=fact("2025-11-06", MEMORY), parameters=size(1000, 32), retirement=retired("2026-05-25", "kimi-k2.6", "ll", OPEN_RETIRED)),
    model("kimi-k2.5", "Kimi K2.5", K2, shape="moonshotai/Kimi-K2.5", context=fact(262144, "aic"), released=NONE, parameters=size(1000, 32), retirement=NONE),
    model("kimi-k2.6", "Kimi K2.6", K2, shape="nvidia/Kimi-K2.6-NVFP4", context=fact(262144, "aic"), released=NONE, parameters=size(1000, 32), retirement=NONE),
    model("kimi-k3", "Kimi K3", "kimi-k3", shape=NONE),
    model("deepseek-r1", "DeepSeek-R1", "deepseek-r1", shape="deepseek-ai/DeepSeek-R1"),
    model("deepseek-r1-0528", "DeepSeek-R1-0528", "deepseek-r1", shape="deepseek-ai/DeepSeek-R1", released=fact("2025-05-28", MEMORY)),
    model("deepseek-v3", "DeepSeek-V3", V, shape="deepseek-ai/DeepSeek-V3", licence=fact("LicenseRef-DeepSeek-Model", MEMORY), released=fact("2024-12-26", MEMORY)),
    model("deepseek-v3-0324", "DeepSeek-V3-0324", V, ["deepseek-chat-v3-0324"], shape="deepseek-ai/DeepSeek-V3", licence=fact("MIT", MEMORY), released=fact("2025-03-24", MEMORY)),
    model("deepseek-v3.1", "DeepSeek-V3.1", "deepseek-v3.1", ["deepseek-v3.1-terminus", "deepseek-chat-v3.1"], shape="nvidia/DeepSeek-V3.1-NVFP4"),
    model("deepseek-v3.2", "DeepSeek-V3.2", "deepseek-v3.2", ["deepseek-v3.2-exp"], shape="deepseek-ai/DeepSeek-V3.2"),
    model("deepseek-v4-flash", "DeepSeek-V4 Flash", "deepseek-v4", ["deepseek-flash"], shape="deepseek-ai/DeepSeek-V4-Flash", retirement=NONE),
    model("deepseek-v4-pro", "DeepSeek-V4 Pro", "deepseek-v4", shape="deepseek-ai/DeepSeek-V4-Pro", retirement=NONE),
    model("minimax-m1", "MiniMax-M1", "minimax-m1", ["minimax-m1-40k", "minimax-m1-80k"]),
    model("minimax-m2", "MiniMax-M2", M2, parameters=size(230, 10, "m1s"), context=NONE, released=fact("2025-10-27", MEMORY)),
    model("minimax-m2.5", "MiniMax-M2.5", M2, shape="MiniMaxAI/MiniMax-M2.5", parameters=size(230, 10), context=fact(196608, "aic"), released=NONE, licence=fact("MIT", MEMORY)),
    model("minimax-m2.7", "MiniMax-M2.7", M2, shape="MiniMaxAI/MiniMax-M2.7", parameters=size(230, 10), context=fact(204800, "aic"), released=NONE, licence=fact("MIT", MEMORY)),
    model("minimax-m3", "MiniMax-M3", M2, shape="MiniMaxAI/MiniMax-M3", parameters=NONE, context=fact(1048576, "aic"), released=fact("2026-06-01", "md"), licence=NONE),
    model("ernie-4.5-300b-a47b", "ERNIE 4.5 300B-A47B", "ernie-4.5", ["ernie-4.5-300b-a47b-pt", "ernie-4.5-300b-a47b-paddle"], parameters=size(300, 47, "md")),
    model("ernie-4.5-21b-a3b", "ERNIE 4.5 21B-A3B", "ernie-4.5", ["ernie-4.5-21b-a3b-pt"], parameters=size(21, 3, "md"), shape={"layers": 28, "kv_heads": 4, "head_dim": 128}),
    model("ernie-4.5-vl-424b-a47b", "ERNIE 4.5 VL 424B-A47B", "ernie-4.5", parameters=size(424, 47, "md"), shape=NONE),
    model("openpangu-embedded-7b", "openPangu Embedded 7B", "pangu", ["openpangu-embedded-7b-model", "openpangu-embedded-7b-v1.1"], parameters=size(7, 7, "pangum"), context=fact(32768, "pangum"), released=fact("2025-09-10", "pangum")),
    model("pangu-pro-moe", "Pangu Pro MoE 72B-A16B", "pangu", parameters=size(72, 16, "panguu"), context=NONE, shape=NONE, released=fact("2025-06-30", MEMORY)),
    model("openpangu-ultra-moe-718b", "openPangu Ultra MoE 718B", "pangu", parameters=size(718, 39, "panguu"), context=NONE, shape=NONE, released=NONE),
    model("gpt-oss-120b", "gpt-oss 120B", OSS, shape="openai/gpt-oss-120b", parameters=size(116.8, 5.1)),
    model("gpt-oss-20b", "gpt-oss 20B", OSS, shape="openai/gpt-oss-20b", parameters=size(20.9, 3.6)),
    model("gpt-5", "GPT-5", "gpt-5", ["gpt-5-2025-08-07"]),
    model("gpt-5-mini", "GPT-5 mini", "gpt-5-mini", ["gpt-5-mini-2025-08-07"]),
    model("gpt-5.4-mini", "GPT-5.4 mini", "gpt-5-mini", context=NONE, released=NONE),
    model("gpt-5.5", "GPT-5.5", "gpt-5.6", context=NONE, released=NONE),
    model("gpt-5.6-sol", "GPT-5.6 Sol", "gpt-5.6"), model("gpt-5.6-terra", "GPT-5.6 Terra", "gpt-5.6"), model("gpt-5.6-luna", "GPT-5.6 Luna", "gpt-5.6"),
    model("o1", "o1", "o3", ["o1-2024-12-17"], context=fact(200000, MEMORY), released=fact("2024-12-17", MEMORY)),
    model("o3", "o3", "o3", ["o3-2025-04-16"]), model("o3-mini", "o3-mini", "o3-mini", ["o3-mini-2025-01-31"]),
    model("llama-3.1-8b", "Llama 3.1 8B", "llama-3.1-8b", ["llama-3.1-8b-instruct", "meta-llama-3.1-8b-instruct", "meta-llama-3.1-8b", "llama-3.1-8b-instant", "meta-llama-3.1-8b-instruct-turbo"], shape="meta-llama/Meta-Llama-3.1-8B"),
    model("llama-4-maverick", "Llama 4 Maverick", "llama-4-maverick", ["llama-4-maverick-17b-128e-instruct", "llama-4-maverick-17b-128e"], shape="meta-llama/Llama-4-Maverick-17B-128E-Instruct"),
    model("llama-4-behemoth", "Llama 4 Behemoth", "llama-4-behemoth", released=NONE, openness=NONE, unreleased=fact("Announced 2025-04-05; no weights and no host have been seen. Llama 4 Maverick is the largest of its line that was released.", "beh", "sources conflict: one blog claims a release on 2026-05-27", True)),
    model("muse-spark", "Muse Spark", "muse-spark", ["muse-spark-1.1"], released=fact("2026-04-08", "or")),
    model("gemma-3-27b", "Gemma 3 27B", "gemma-3-27b", ["gemma-3-27b-it"]), model("gemma-3-270m", "Gemma 3 270M", "gemma-3-270m", ["gemma-3-270m-it", "gemma3-270m"]),
    model("gemma-4-31b", "Gemma 4 31B", "gemma-4-31b", ["gemma-4-31b-it"], shape="nvidia/Gemma-4-31B-IT-NVFP4"),
    model("gemini-2.5-pro", "Gemini 2.5 Pro", "gemini-2.5"), model("gemini-2.5-flash", "Gemini 2.5 Flash", "gemini-2.5"),
    model("gemini-3.1-pro", "Gemini 3.1 Pro", "gemini-3", ["gemini-3.1-pro-preview"], released=fact("2026-02-19", "or")),
    model("gemini-3.5-flash", "Gemini 3.5 Flash", "gemini-3", released=fact("2026-05-19", "or")), model("gemini-3.6-flash", "Gemini 3.6 Flash", "gemini-3", context=fact(1000000, "gp"), released=fact("2026-07-21", "or")),
    model("nemotron-3-super-120b-a12b", "Nemotron 3 Super 120B-A12B", "nemotron-3-super", ["nemotron-3-super", "nvidia-nemotron-3-super-120b-a12b"], shape="nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8"),
    model("nemotron-3-nano-30b-a3b", "Nemotron 3 Nano 30B-A3B", "nemotron-3-super", ["nvidia-nemotron-3-nano-30b-a3b"], shape="nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", parameters=size(30, 3, "or"), released=NONE),
    model("phi-4", "Phi-4 14B", "phi-4", ["phi-4-14b"], context=fact(16384, "or"), released=fact("2025-01-10", "or"), tools="prompted"),
    model("phi-4-reasoning", "Phi-4 reasoning 14B", "phi-4", ["phi-4-reasoning-plus"], context=fact(32768, MEMORY), released=fact("2025-04-30", MEMORY), tools="prompted"),
    model("granite-3.3-8b", "Granite 3.3 8B", "granite", ["granite-3.3-8b-instruct", "granite-3-3-8b-instruct"], parameters=size(8.2), context=fact(131072, MEMORY), shape=NONE, released=NONE),
    model("granite-4.0-h-small", "Granite 4.0 H Small 32B-A9B", "granite", ["granite-4-h-small"], parameters=size(32, 9, "grs"), context=fact(131072, "grs"), released=fact("2025-10-02", MEMORY)),
    model("granite-4.1-8b", "Granite 4.1 8B", "granite", parameters=size(8, 8, "or"), context=fact(131072, "or"), shape=NONE, released=fact("2026-04-30", "or")),
    model("apertus-70b", "Apertus 70B", "apertus", ["apertus-70b-instruct", "apertus-70b-instruct-2509"], parameters=size(70, 70, "apl")),
    model("apertus-8b", "Apertus 8B", "apertus", ["apertus-8b-instruct", "apertus-8b-instruct-2509"], parameters=size(8, 8, "apl"), shape={"layers": 32, "kv_heads": 8, "head_dim": 128}),
    model("olmo-3-32b-think", "OLMo 3 32B Think", "olmo-3"), model("olmo-3-7b-instruct", "OLMo 3 7B Instruct", "olmo-3", parameters=size(7, 7, "olmos"), shape=NONE),
    model("grok-4", "Grok 4", "grok", ["grok-4-0709"], context=fact(256000, "ll"), released=NONE, retirement=retired("2026-05-15", "grok-4.3", "ll", None)),
    model("grok-4.3", "Grok 4.3", "grok", context=fact(1000000, "ll"), released=fact("2026-04-17", "md"), retirement=NONE),
    model("grok-4.5", "Grok 4.5", "grok", context=fact(500000, "ll"), released=fact("2026-07-08", "md"), retirement=NONE),
    model("claude-sonnet-4", "Claude Sonnet 4", "claude-sonnet-4", ["claude-sonnet-4-20250514"], retirement=retired("2026-05-14", "claude-sonnet-5", "ll", None)),
    model("claude-opus-4", "Claude Opus 4", "claude-opus-4", ["claude-opus-4-20250514"], retirement=retired("2026-05-14", "claude-opus-5", "ll", None)),
    model("claude-sonnet-4-6", "Claude Sonnet 4.6", "claude-sonnet-5", ["claude-sonnet-4.6"], released=NONE),
    model("claude-sonnet-5", "Claude Sonnet 5", "claude-sonnet-5", released=fact("2026-06-30", "md")),
    model("claude-opus-4-8", "Claude Opus 4.8", "claude-opus-5", ["claude-opus-4.8"], released=NONE),
    model("claude-opus-5", "Claude Opus 5", "claude-opus-5", released=fact("2026-07-24", "or")),
    model("claude-fable-5", "Claude Fable 5", "claude-fable-5"),
]

# Offers whose model is known by another name than its host's.
PRICED_AS = {"qwq-plus": NONE, "gpt-5-2025-08-07": "gpt-5", "nemotron-super-3-120b": "nemotron-3-super-120b-a12b", "nemotron-nano-3-30b": "nemotron-3-nano-30b-a3b",
             "nemotron-120b-a12b": "nemotron-3-super-120b-a12b", "llama4-maverick-17b-instruct-v1-0": "llama-4-maverick", "ernie-4.5-21b-a3b-thinking": NONE}
PRECISIONS = ("-fp8", "-bf16", "-nvfp4", "-tee")


# Chat templates that are held and rendered in tests, by the models whose own they are.
TEMPLATES = {
    "qwen3-0.6b.jinja": ["qwen3-0.6b", "qwen3-1.7b", "qwen3-8b", "qwen3-32b", "qwen3-30b-a3b", "qwen3-235b-a22b"], "qwen3-instruct-2507.jinja": ["qwen3-30b-a3b-instruct-2507", "qwen3-235b-a22b-instruct-2507"],
    "qwen3-coder.jinja": ["qwen3-coder-480b-a35b"], "qwen3.5-think.jinja": ["qwen3.5-27b", "qwen3.5-35b-a3b", "qwen3.5-122b-a10b", "qwen3.5-397b-a17b"], "qwen3.6.jinja": ["qwen3.6-27b", "qwen3.6-35b-a3b"], "qwq-32b.jinja": ["qwq-32b"],
    "glm-4.5.jinja": ["glm-4.5", "glm-4.5-air"], "glm-4.6.jinja": ["glm-4.6"], "kimi-k2-instruct.jinja": ["kimi-k2-instruct", "kimi-k2-instruct-0905"], "kimi-k2-thinking.jinja": ["kimi-k2-thinking"], "kimi-k2.5.jinja": ["kimi-k2.5"], "kimi-k3.jinja": ["kimi-k3"],
    "deepseek-r1.jinja": ["deepseek-r1"], "deepseek-v3.1.jinja": ["deepseek-v3.1"], "minimax-m1.jinja": ["minimax-m1"], "minimax-m2.jinja": ["minimax-m2"], "minimax-m3.jinja": ["minimax-m3"], "gpt-oss.jinja": ["gpt-oss-20b", "gpt-oss-120b"],
    "llama-3.1.jinja": ["llama-3.1-8b"], "llama-4.jinja": ["llama-4-maverick"], "gemma-3.jinja": ["gemma-3-27b", "gemma-3-270m"], "gemma-4-31b.jinja": ["gemma-4-31b"], "nemotron-3-super.jinja": ["nemotron-3-super-120b-a12b"], "nemotron-3-nano.jinja": ["nemotron-3-nano-30b-a3b"],
    "phi-4.jinja": ["phi-4"], "phi-4-reasoning.jinja": ["phi-4-reasoning"], "granite-3.3.jinja": ["granite-3.3-8b"], "granite-4.0.jinja": ["granite-4.0-h-small"], "granite-4.1.jinja": ["granite-4.1-8b"], "apertus.jinja": ["apertus-70b", "apertus-8b"],
}


def template(id):
    return next((fact(file, "tplman") for file, models in TEMPLATES.items() if id in models), None)


def source_of(entry):
    source = entry["s"] if isinstance(entry["s"], str) else entry["s"][0]
    return source


def of_row(entry, pick=lambda value: value):
    """A fact of families.json, or None where it does not say."""
    if entry is None: return None
    value = entry.get("v", entry)
    picked = pick(value) if value is not None else None
    note = entry.get("note") or (value.get("note") if isinstance(value, dict) else None)
    return None if picked is None else fact(picked, source_of(entry), note, entry.get("unverified", False))


def spdx(value):
    return "LicenseRef-Proprietary" if value.get("spdx") == "proprietary" else value.get("spdx")


def openness(value):
    text = value.get("openness") or ""
    return "fully" if text.startswith("fully open") else "weights" if text.startswith("open-weight") else "closed" if text == "closed" else None


def parameters(value):
    if "total_b" not in value: return None
    total = value["total_b"]
    return {"total": round(total * 1e9), "active": round(value.get("active_b", total) * 1e9)}


def context(value):
    return next((value[key] for key in ("native", "context", "config") if isinstance(value.get(key), int)), None)


def day(value):
    return value if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) else None


def shape_of(config):
    """What the memory of a context depends on, from a config.json."""
    layers = config.get("num_hidden_layers")
    types = config.get("layer_types") or {}
    pattern = (config.get("hybrid_override_pattern") or {}).get("counts", {})
    made = {"layers": layers, "width": config["hidden_size"], "vocabulary": config["vocab_size"]}
    if "compress_ratios" in config:
        # Layer by layer: one entry of a key and value for so many tokens; 0: the window alone.
        ratios = config["compress_ratios"][:layers]
        return made | {"latent": config["head_dim"], "growing_layers": layers, "entries_per_token": round(sum(1 / ratio for ratio in ratios if ratio) / layers, 6),
                       "window_layers": layers, "window": config["sliding_window"], "window_latent": config["head_dim"]}
    if "kv_lora_rank" in config: return made | {"latent": config["kv_lora_rank"] + config["qk_rope_head_dim"]}
    head = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
    made |= {"kv_heads": config["num_key_value_heads"], "head_dim": head}
    if "attention" in (config.get("layers_block_type") or {}): made["growing_layers"] = config["layers_block_type"]["attention"]
    if pattern: made["growing_layers"] = pattern["*"]
    if "linear_attention" in types: made["growing_layers"] = types["full_attention"]
    if "sliding_attention" in types:
        made |= {"growing_layers": types["full_attention"], "window_layers": types["sliding_attention"], "window": config["sliding_window"]}
        if "global_head_dim" in config:
            made |= {"kv_heads": config["num_global_key_value_heads"], "head_dim": config["global_head_dim"], "window_kv_heads": config["num_key_value_heads"], "window_head_dim": head}
    if "attention_chunk_size" in config:
        made |= {"growing_layers": layers // 4, "window_layers": layers - layers // 4, "window": config["attention_chunk_size"]}
    return made


def shape_of_row(value):
    if value is None: return None
    made = {"layers": value["layers"]} | ({"width": value["hidden_size"]} if "hidden_size" in value else {})
    if "kv_lora_rank" in value: return made | {"latent": value["kv_lora_rank"] + value["rope_head_dim"]}
    made |= {"kv_heads": value["kv_heads"], "head_dim": value["head_dim"]}
    if "full_attention_layers" in value: made["growing_layers"] = value["full_attention_layers"]
    window = re.search(r"(\d+)\s+(?:further )?layers (?:with )?window (\d+)", value.get("sliding", ""))
    if window: made |= {"window_layers": int(window[1]), "window": int(window[2])}
    return made


def shape(entry):
    given = entry["facts"].get("shape", "row")
    row = ROWS[entry["row"]].get("shape")
    if given is None: return None
    if isinstance(given, dict): return fact(given, source_of(row), row.get("note"), True)
    if given != "row": return fact(shape_of(SHAPES["models"][given]), "aic", f"config.json of {given}")
    return None if row is None else fact(shape_of_row(row), source_of(row), row.get("note"), row.get("unverified", False) or entry["facts"].get("own_shape") is False)


def plain(name):
    return re.sub(r"[_ :]", "-", name.rsplit("/", 1)[-1].lower())


def names_of(entry):
    return {entry["id"], *entry["names"]}


def priced(offer):
    """The model that an offer is of."""
    name = plain(offer["id"].replace("openai.", "").replace("nvidia.", "").replace("google.", "").replace("meta.", ""))
    for precision in PRECISIONS: name = name.removesuffix(precision)
    if name in PRICED_AS: return PRICED_AS[name]
    return next((entry["id"] for entry in MODELS if name in names_of(entry)), None)


AMOUNTS = {"input": "input", "output": "output", "cached_input": "cached_input", "cache_write": "cache_write", "cache_write_1h": "long_cache_write", "output_reasoning": "reasoning"}
TIER_KEYS = {"input_cost_per_token": "input", "output_cost_per_token": "output", "cache_read_input_token_cost": "cached_input", "cache_creation_input_token_cost": "cache_write"}


def amounts(offer):
    # A list price of nothing at all is a free tier, never a price.
    made = {ours: offer[theirs] for theirs, ours in AMOUNTS.items() if offer.get(theirs) is not None}
    if not made.get("input") and not made.get("output"): return None
    # Z.ai lists writes at 0 for a limited time; without a date that is no price.
    if made.get("cache_write") == 0: del made["cache_write"]
    return made


def tiers(offer):
    found = {}
    for tier in offer.get("tiers") if isinstance(offer.get("tiers"), list) else []:
        found[tier["tier"]["size"]] = {("cached_input" if key == "cache_read" else key): value for key, value in tier.items() if key != "tier"}
    for key, value in (offer.get("tiers") or {}).items() if isinstance(offer.get("tiers"), dict) else []:
        match = re.fullmatch(r"(\w+)_above_(\d+)k_tokens", key)
        if match and match[1] in TIER_KEYS: found.setdefault(int(match[2]) * 1000, {})[TIER_KEYS[match[1]]] = value
    for key, steps in (offer.get("tiers_above") or {}).items():
        for step in steps: found.setdefault(step["start"], {})[key] = step["price"]
    return [{"above_input_tokens": size} | found[size] for size in sorted(found)]


def prices_of(offer):
    source, read = PRICE_SOURCES[offer["source"]]
    host = HOSTS.get(offer["provider"], offer["provider"])
    name = offer["id"].removeprefix(offer["provider"] + "/") if offer["source"] == "litellm" else offer["id"]
    dated = offer.get("dated_prices")
    for price in dated or [offer]:
        if (known := amounts(price)) is None: continue
        begins = ((price.get("constraint") or {}).get("start_date")) if dated else None
        made = {"host": host, "model": name, "valid_from": begins} | known
        if steps := tiers(offer): made["tiers"] = steps
        yield made | {"source": source, "read": read}


def merge(found):
    """One list per host and model: the fullest offer, and whether another source names other amounts."""
    groups = {}
    for price in found: groups.setdefault((price["host"], price["model"].lower()), {}).setdefault(price["source"], []).append(price)
    for sources in groups.values():
        ordered = sorted(sources.values(), key=lambda prices: (-len(prices), -max(len(price) + 5 * len(price.get("tiers", [])) for price in prices)))
        best, others = ordered[0], ordered[1:]
        for price in best:
            disagreeing = [other for group in others for other in group if not any(agree(other, own) for own in best)]
            if disagreeing: price["disputed"] = sorted({f"{other['source']} ({other['read']}) says {other.get('input')} in, {other.get('output')} out, {other.get('cached_input')} cached" for other in disagreeing})
            yield {key: value for key, value in price.items() if value is not None}


def agree(one, other):
    return all(one.get(key) is None or other.get(key) is None or abs(one[key] - other[key]) < 1e-9 for key in ("input", "output", "cached_input", "cache_write"))


def prices(id):
    offers = [offer for row in PRICES["rows"] for offer in row["offers"] if priced(offer) == id]
    return sorted(merge([price for offer in offers for price in prices_of(offer)]), key=lambda price: (price["host"], price["model"], price.get("valid_from", "")))


def build(entry):
    row, given = ROWS[entry["row"]], entry["facts"]
    licence = row["licence"]
    made = {
        "id": entry["id"], "name": entry["name"], "names": entry["names"],
        "vendor": VENDORS.get(row["vendor"], row["vendor"]), "country": row["country"],
        "licence": given.get("licence", of_row(licence, spdx)),
        "openness": given.get("openness", of_row(licence, openness)),
        "parameters": given.get("parameters", of_row(row.get("parameters"), parameters)),
        "context": given.get("context", of_row(row.get("context"), context)),
        "released": given.get("released", of_row(row.get("released"), day)),
        "shape": shape(entry),
        "tools": tools(row, given),
        "template": template(entry["id"]),
        "retirement": given.get("retirement"), "unreleased": given.get("unreleased"),
        "prices": prices(entry["id"]),
        "notes": [note for note in row.get("notes") or [] if given.get("notes", True)] if entry is first(entry["row"]) else [],
    }
    return {key: value for key, value in made.items() if key == "names" or value not in (None, [])}


def tools(row, given):
    formats = row.get("tool_format") or []
    if not formats: return None
    name = given.get("tools") or formats[0]["format"]
    prompted = name == "prompted" or name.endswith("_prompted")
    return fact("prompted" if prompted else "native", source_of(formats[0]) if "s" in formats[0] else MEMORY, None if prompted else name)


def first(row):
    return next(entry for entry in MODELS if entry["row"] == row)


# Models that ship with the repository: read from their files.
SHIPPED = [{
    "id": "smollm2-135m-instruct", "name": "SmolLM2 135M Instruct", "names": ["smollm2-135m"], "vendor": "Hugging Face", "country": "US",
    "licence": fact("Apache-2.0", "gguf"), "openness": fact("fully", MEMORY), "parameters": fact({"total": 134515008, "active": 134515008}, "gguf"),
    "context": fact(8192, "gguf"), "released": fact("2024-11-02", MEMORY), "shape": fact({"layers": 30, "width": 576, "vocabulary": 49152, "kv_heads": 3, "head_dim": 64}, "gguf"), "tools": fact("prompted", "gguf"),
}]

built = [build(entry) for entry in MODELS] + SHIPPED
used = {part["source"] for entry in built for part in entry.values() if isinstance(part, dict)} | {price["source"] for entry in built for price in entry.get("prices", [])}
FAMILIES["sources"]["gguf"] = "models/SmolLM2-135M-Instruct.Q4_1.gguf in this repository"
catalogue = {"$schema": "models.schema.json", "made": FAMILIES["made"], "sources": {key: text for key, text in FAMILIES["sources"].items() if key in used or key == MEMORY}}
lines = ",\n".join("    " + json.dumps(entry, ensure_ascii=False) for entry in built)
head = json.dumps(catalogue, indent=2, ensure_ascii=False)[:-2]
(ROOT / "src/Protocol/Catalogue/models.json").write_text(head + ',\n  "models": [\n' + lines + "\n  ]\n}\n")
print(f"{len(built)} models, {sum(len(entry.get('prices', [])) for entry in built)} prices")
unpriced = [offer["id"] for row in PRICES["rows"] for offer in row["offers"] if priced(offer) is None]
print("offers of models that are not listed:", ", ".join(unpriced))
