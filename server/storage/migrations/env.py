"""What Alembic runs for each upgrade: on the connection it is handed, inside that connection's transaction."""

from alembic import context

from server.storage.tables import Base

# Without a name for every constraint SQLite could not change one; `render_as_batch` copies the table where it must.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
