"""Two processes, each with a copy of the weights or with a piece of them, against one: the same pictures, the same losses."""

import os
import socket
import subprocess
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import numpy as np
from safetensors.torch import load_file

import checkpoint
from testing import arguments, losses, rows, run, write_tokens

HERE = Path(__file__).parent


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def torchrun(arguments: list[str]) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node=2", "--master_addr=127.0.0.1"]
    command += [f"--master_port={free_port()}", str(HERE / "train.py"), *arguments]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)


class TwoProcesses(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        held = tempfile.TemporaryDirectory()
        cls.addClassCleanup(held.cleanup)
        cls.at = Path(held.name)
        cls.tokens = write_tokens(cls.at / "tokens")

    def same(self, name: str, alone: list[str], together: list[str]) -> None:
        one = run(self.tokens, self.at / f"{name}-1", *alone)
        done = torchrun(arguments(self.tokens, self.at / f"{name}-2", *alone, *together))
        self.assertEqual(done.returncode, 0, done.stderr)
        two = rows(self.at / f"{name}-2")
        self.assertEqual([row["step"] for row in one], [row["step"] for row in two])
        np.testing.assert_allclose(losses(one), losses(two), atol=1e-5)
        for key in ("norm", "validation_nats", "averaged_nats", "test_nats"):
            values = [[row[key] for row in rows if key in row] for rows in (one, two)]
            np.testing.assert_allclose(*values, atol=1e-4)
        weights = [load_file(self.at / f"{name}-{n}/model-f32/model.safetensors") for n in (1, 2)]
        self.assertEqual(weights[0].keys(), weights[1].keys())
        for key, value in weights[0].items():
            np.testing.assert_allclose(value, weights[1][key], atol=1e-3, err_msg=key)

    def test_copies(self):
        self.same("copies", ["--flip", "--ema", "0.9"], ["--micro-batch", "2"])

    def test_pieces_and_what_bert_hides(self):
        self.same("pieces", ["--objective", "bert", "--ema", "0.9"], ["--fsdp", "--recompute", "--micro-batch", "2"])

    def test_a_run_of_one_goes_on_as_two_and_in_pieces(self):
        # The rate is constant until the last step, so that a run can be drawn out without changing what was before.
        recipe = ["--decay", "1", "--ema", "0.9"]
        whole = run(self.tokens, self.at / "whole", *recipe)
        save = checkpoint.save
        with unittest.mock.patch("checkpoint.save", lambda path, state: save(path, state) if state["step"] == 4 else None):
            run(self.tokens, self.at / "out", *recipe, "--steps", "5", "--save-every", "4")
        done = torchrun(arguments(self.tokens, self.at / "out", *recipe, "--fsdp"))
        self.assertEqual(done.returncode, 0, done.stderr)
        np.testing.assert_allclose(losses(rows(self.at / "out")), losses(whole), atol=1e-5)

    def test_a_batch_that_cannot_be_shared_is_refused_once(self):
        done = torchrun(arguments(self.tokens, self.at / "odd", "--batch", "7"))
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stderr.count("--batch 7 cannot be shared by 2 processes."), 1)


if __name__ == "__main__":
    unittest.main()
