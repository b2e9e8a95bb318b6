"""Measures what a reader waits for: from the start of the kernel to the first figure.

environment/bench runs this, with Jupyter told of our kernel.

Prints the seconds of every round, comma-separated: the first cell imports the library and draws a run.
"""

from __future__ import annotations

import sys
import time

CELL = """
import static org.liftgrad.notebook.Liftgrad.*;
var data = lawS().points(20).dimension(400).seed(7).build();
var network = shallowNetwork(data).neurons(widthFor(20, 0.05)).dominantReadout().seed(7).build();
plot(gradientFlow(network).until(lossBelow(1e-6)).observe(loss()).solve()).x("time").y("loss").logY()
"""


def first_figure() -> float:
    from jupyter_client.manager import start_new_kernel

    began = time.monotonic()
    manager, client = start_new_kernel(kernel_name="liftgrad", startup_timeout=60)
    try:
        pictures: list[float] = []

        def heard(message: dict) -> None:
            if message["msg_type"] in ("execute_result", "display_data") and "image/png" in message["content"]["data"]:
                pictures.append(time.monotonic() - began)

        reply = client.execute_interactive(CELL, output_hook=heard, timeout=60)
        if reply["content"]["status"] != "ok" or not pictures:
            raise SystemExit("kernel_start: the cell showed no figure.")
        return pictures[0]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    print(",".join(f"{first_figure():.3f}" for _ in range(int(sys.argv[1]))))
