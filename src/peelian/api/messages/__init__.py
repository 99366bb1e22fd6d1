"""Message catalogues: English is the message itself, Welsh is in `cy.po`."""
