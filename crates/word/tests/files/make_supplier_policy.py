"""Makes supplier-policy.docx with python-docx (1.2), which writes the styles and lists of Word's own start document."""

from docx import Document

document = Document()
document.add_heading("Supplier policy of {{organisation_name|required|label:What is the organisation's name?}}", 0)
document.add_heading("Purpose", 1)
paragraph = document.add_paragraph("This policy holds for ")
# A placeholder in three runs, as Word cuts it after a correction.
paragraph.add_run("{{orga")
paragraph.add_run("nisation_").bold = True
paragraph.add_run("name}}")
paragraph.add_run(" and is kept by {{owner|person|required}} since {{valid_from|date|required}}. ")
paragraph.add_run("Nobody").italic = True
paragraph.add_run(" is exempt, not even for 2 * 3 < 7 reasons & [others].")
document.add_heading("Rules", 2)
document.add_paragraph("Suppliers are reviewed {{rhythm|choice:every year,every two years|required|evidence:Minutes of the last review}}.", "List Bullet")
document.add_paragraph("Contracts are in writing.", "List Bullet")
document.add_paragraph("First ask.", "List Number")
document.add_paragraph("Then sign.", "List Number")
document.add_paragraph("{{#if uses_cloud}}")
document.add_heading("Cloud services", 2)
document.add_paragraph("{{cloud_rules|long_text}}")
document.add_paragraph("{{/if}}")
document.add_heading("Suppliers", 1)
table = document.add_table(rows=2, cols=3, style="Table Grid")
for cell, text in zip(table.rows[0].cells, ["Supplier", "Since", "Yearly cost"]):
    cell.text = text
for cell, text in zip(table.rows[1].cells, ["{{suppliers.name|required}}", "{{suppliers.since|date}}", "{{suppliers.cost|number}}"]):
    cell.text = text
document.core_properties.title = "Supplier policy"
document.save("supplier-policy.docx")
