"""The original schema's workspace endpoint: one query of its view, put together as its text says.

It asks nobody who they are and knows no row security. PGHOST, PGPORT, PGUSER and PGDATABASE say where the
database is. Started by the bench with two workers.
"""

from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI

WORKSPACE = """
    SELECT * FROM seed.v_customer_workspace
    WHERE customer_id = $1
    ORDER BY task_scope, plan_id, template_id, task_id
"""


@asynccontextmanager
async def lifespan(app):
    app.state.pool = await asyncpg.create_pool(min_size=10, max_size=10)
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=lifespan)


def brief(row):
    return {"id": row["task_id"], "title": row["task_title"], "status": row["task_status"]}


@app.get("/customers/{customer_id}/workspace")
async def workspace(customer_id: int):
    async with app.state.pool.acquire() as connection:
        rows = await connection.fetch(WORKSPACE, customer_id)
    of_customer, plans = [], {}
    for row in rows:
        if row["task_scope"] == "customer":
            of_customer.append(brief(row) | {"priority": row["task_priority"], "due_date": row["task_due_date"]})
            continue
        if not row["plan_id"]:
            continue
        plan = plans.get(row["plan_id"])
        if plan is None:
            plan = plans[row["plan_id"]] = {
                "id": row["plan_id"],
                "iso_code": row["iso_code"],
                "iso_name": row["iso_name"],
                "plan_tasks": [],
                "templates": {},
            }
        if row["task_scope"] == "plan":
            plan["plan_tasks"].append(brief(row))
        elif row["template_id"]:
            template = plan["templates"].get(row["template_id"])
            if template is None:
                template = plan["templates"][row["template_id"]] = {"id": row["template_id"], "name": row["template_name"], "tasks": []}
            template["tasks"].append(brief(row))
    for plan in plans.values():
        plan["templates"] = list(plan["templates"].values())
    return {"customer_id": customer_id, "customer_tasks": of_customer, "plans": list(plans.values())}
