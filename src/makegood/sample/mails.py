def send_samples(host: str, port: int) -> int:
    return 0
