"""The script over HTTP."""

import json

from tests.http_client import CheckedClient


def test_a_spec_becomes_a_script_and_a_notebook(client: CheckedClient) -> None:
    answer = client.post("/api/scripts", json={"spec": {"dataset": {"name": "xor"}}, "epochs": 7})
    assert answer.status_code == 200
    payload = answer.get_json()
    assert "EPOCHS = 7" in payload["script"]
    assert payload["notebook"]["nbformat"] == 4


def test_without_epochs_the_spec_or_a_hundred_count(client: CheckedClient) -> None:
    for body, epochs in (({}, 100), ({"spec": {"epochs": 30}}, 30), ({"spec": {"epochs": 30}, "epochs": None}, 30)):
        assert f"EPOCHS = {epochs}\n" in client.post("/api/scripts", json=body).get_json()["script"]


def test_what_cannot_be_a_script_is_refused_with_a_sentence(client: CheckedClient) -> None:
    for body, field in (
        ([], ""),
        ({"epochs": 0}, "epochs"),
        ({"epochs": True}, "epochs"),
        ({"epoch": 3}, "epoch"),
        ({"spec": {"layers": [{"units": 0}]}}, "layers[0].units"),
        ({"spec": {"dataset": {"name": "digits"}}}, "layers[0]"),
    ):
        answer = client.post("/api/scripts", json=body)
        assert answer.status_code == 422, body
        assert answer.get_json()["error"]["problems"][0]["field"] == field


def test_a_formula_cannot_break_out_of_the_script(client: CheckedClient) -> None:
    for formula in ('x """ + exec("1")', "x\\", "__import__('os')", "x # y"):
        body = {"spec": {"dataset": {"name": "curve", "formula": formula}}}
        assert client.post("/api/scripts", json=body).status_code == 422, formula


def test_a_run_has_a_script_and_a_notebook_with_its_newest_rates(client: CheckedClient) -> None:
    run_id = client.post("/api/runs", json={"spec": {"seed": 9}}).get_json()["run_id"]
    client.post(f"/api/runs/{run_id}/controls", json={"action": "set", "learning_rate": 0.5, "l2": 0.01})
    script = client.get(f"/api/runs/{run_id}/exports/script.py")
    notebook = client.get(f"/api/runs/{run_id}/exports/notebook.ipynb")

    assert script.headers["Content-Disposition"] == 'attachment; filename="script.py"'
    for line in ("SEED = 9", "learning_rate=0.5", "l2=0.01"):
        assert line in script.text
    assert json.loads(notebook.text)["nbformat"] == 4
