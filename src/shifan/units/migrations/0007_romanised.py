"""China's divisions of a database from before get their romanised names."""

from django.db import migrations

from shifan.units.romanised import ROOT, romanised


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            r"SELECT code, name FROM units_division WHERE name_en = '' AND code ~ '^\d+$'"
        )
        rows = cursor.fetchall()
        if rows:
            codes = [code for code, _ in rows]
            names = [ROOT if code == "0" else romanised(name) for code, name in rows]
            cursor.execute(
                "UPDATE units_division SET name_en = said.name"
                " FROM unnest(%s::text[], %s::text[]) AS said (code, name)"
                " WHERE units_division.code = said.code",
                [codes, names],
            )


class Migration(migrations.Migration):
    dependencies = [("units", "0006_whole")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
