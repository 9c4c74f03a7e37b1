"""A tiny model with random weights for tests: made in a moment, without a network."""

from pathlib import Path

from tests.requirements import require

WORDS = "加强行政执法监督推进公开全面落实责任制度学习法律顾问调解复议应诉区司法局"
DIMENSION = 32


def need_transformers() -> None:
    """End the test where the extra `transformers` is not installed."""
    try:
        import sentence_transformers  # noqa: F401
    except ImportError as missing:
        require("sentence-transformers", f"{missing}; pip install 'xianli[transformers]'")


def tiny_model(folder: Path, prompts: dict[str, str] | None = None, seed: int = 0) -> Path:
    """A sentence-transformers folder: BERT of one layer, a vocabulary of single characters, mean of the tokens."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder.mkdir(parents=True)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(WORDS)]
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=DIMENSION,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    BertTokenizerFast(vocab={word: place for place, word in enumerate(vocabulary)}).save_pretrained(folder)
    modules = [Transformer(str(folder), max_seq_length=64), Pooling(DIMENSION, "mean")]
    model = SentenceTransformer(modules=modules, device="cpu", prompts=prompts)
    model.save(str(folder), create_model_card=False)
    return folder
