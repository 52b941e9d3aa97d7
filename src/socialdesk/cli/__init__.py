"""The commands of the ``socialdesk`` program; each group of them is a module, imported only when it is used."""
